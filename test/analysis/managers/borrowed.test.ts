import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { editCompose, type ServiceEdit } from "../../../src/analysis/managers/edit-compose.ts";

/** What the service comes to say, anchors followed. */
const said = (text: string, edit: ServiceEdit) =>
  parse(editCompose(text, "web", edit).text, { merge: true }).services.web;
const limits = { cpus: 0.5, memory_bytes: 64 * 2 ** 20 };

describe("a service that takes a part of what it says from an anchor", () => {
  test("is limited the way that anchor says it: compose refuses a whole project where both ways differ", () => {
    const text = "x-b: &b\n  mem_limit: 1g\n  memswap_limit: 2g\nservices:\n  web:\n    <<: *b\n    image: web\n";
    expect(said(text, { limits })).toEqual({
      image: "web",
      mem_limit: "64m",
      memswap_limit: "64m",
      cpus: 0.5,
    });
  });

  test("keeps the devices and reservations that it gives", () => {
    const text = "x-b: &b\n  deploy: { replicas: 1 }\nservices:\n  web:\n    <<: *b\n    image: web\n";
    expect(said(text, { limits })).toEqual({
      image: "web",
      deploy: { replicas: 1 },
      cpus: 0.5,
      mem_limit: "64m",
      memswap_limit: "64m",
    });
  });

  test("is limited where a key for it is there, and empty", () => {
    expect(said("services:\n  web:\n    image: web\n    deploy:\n", { limits })).toMatchObject({ mem_limit: "64m" });
  });

  const base = "  deploy: { resources: { limits: { memory: 1g } } }\n  environment: { A: x }\n  security_opt: [a:b]\n";
  test.each<[string, string, ServiceEdit]>([
    ["limits", `x-b: &b\n${base}services:\n  web:\n    <<: *b\n`, { limits }],
    ["limits", "services:\n  b: {}\n  web:\n    extends: b\n", { limits }],
    ["variables", `x-b: &b\n${base}services:\n  web:\n    <<: *b\n`, { environment: { PUID: "1" } }],
    ["lines of security_opt", `x-b: &b\n${base}services:\n  web:\n    <<: *b\n`, { security_opt: ["c:d"] }],
    ["lines of tmpfs", "x-t: &t [/run]\nservices:\n  web:\n    tmpfs: *t\n", { tmpfs: ["/tmp"] }],
  ])("is left alone where its own %s would take the place of all that is there", (what, text, edit) => {
    expect(() => editCompose(text, "web", edit)).toThrow(`The ${what} of this service stand elsewhere in its file.`);
  });
});

test.each<[string, ServiceEdit]>([
  ["services:\n  web: &w\n    image: web\n  db:\n    <<: *w\n", { limits }],
  ["services:\n  web: &w\n    image: web\n  db: *w\n", { user: "1001" }],
  ["services:\n  web:\n    environment: &e { A: x }\n  db:\n    environment: *e\n", { environment: { PUID: "1" } }],
])("a service that others take from is left alone where they would change with it: %j", (text, edit) => {
  expect(() => editCompose(text, "web", edit)).toThrow("Other services of this compose file take from this one");
});
