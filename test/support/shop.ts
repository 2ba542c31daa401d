import { type Image, idOf } from "../../src/demo/docker/model.ts";

/** A small project of two services for the tests of managers: web, which has a newer version, and db. */
export const shopVersions = [
  {
    version: "1.0.0",
    services: [
      { name: "web", image: "web:1" },
      { name: "db", image: "db:1" },
    ],
  },
  {
    version: "1.1.0",
    services: [
      { name: "web", image: "web:2" },
      { name: "db", image: "db:1" },
    ],
  },
];

/** An image of "repository:tag"; what stands behind a blank only makes it another one. */
export function shopImage(reference: string, behaviour: Partial<Image["behaviour"]> = {}): Image {
  return {
    id: `sha256:${idOf(`image ${reference}`)}`,
    digest: `sha256:${idOf(`manifest ${reference}`)}`,
    repository: reference.split(":")[0] ?? reference,
    created_ms: 0,
    size_bytes: 1_000_000,
    config: { Cmd: ["run"], Healthcheck: { Test: ["CMD", "true"] } },
    behaviour: { health: "healthy", rx_bytes_per_s: 0, tx_bytes_per_s: 0, says: [], ...behaviour },
  };
}
