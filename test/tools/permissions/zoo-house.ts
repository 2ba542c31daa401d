import { createHash } from "node:crypto";
import type { Engine } from "../../../src/demo/docker/engine.ts";
import { type Animal, network, type ZooImage } from "../../analysis/permissions/zoo.ts";

const day_ms = 86_400_000;

/** Moves the zoo into a simulated engine. */
export function furnishZoo(engine: Engine, animals: readonly Animal[]): void {
  engine.addNetwork(network, "172.30.0");
  for (const { name, image, create } of animals) {
    if (!engine.tags.has(image.reference)) engine.addImage(imageOf(image, engine.now()), image.reference);
    engine.create(name, { ...create });
    engine.start(name);
  }
}

function imageOf({ reference, env, labels, age_days = 1 }: ZooImage, now_ms: number) {
  const hash = createHash("sha256").update(reference).digest("hex");
  return {
    id: `sha256:${hash}`,
    digest: `sha256:${hash}`,
    repository: reference.split(":")[0] ?? "",
    created_ms: now_ms - age_days * day_ms,
    size_bytes: 1,
    config: { Entrypoint: ["/app"], Env: [...(env ?? [])], Labels: { ...labels } },
    behaviour: { health: "healthy" as const, rx_bytes_per_s: 0, tx_bytes_per_s: 0, says: [] },
  };
}
