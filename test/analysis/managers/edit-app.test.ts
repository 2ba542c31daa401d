import { describe, expect, test } from "vitest";
import { redefined, restored } from "../../../src/analysis/managers/definition-change.ts";
import { editApp } from "../../../src/analysis/managers/edit-app.ts";
import type { ServiceEdit } from "../../../src/analysis/managers/edit-compose.ts";
import { planDefinition } from "../../../src/analysis/managers/plan-definition.ts";
import { writeYaml } from "../../../src/shared/yaml.ts";

const wanted = (edit: ServiceEdit, service = "web") => ({ service, edit, env: [] });

describe("the answers to a chart", () => {
  const text = `resources:
  limits:
    cpus: 2
    memory: 4096
run_as:
  group: 568
  user: 568
`;
  const answer = editApp({ from_chart: true });
  const edited = (edit: ServiceEdit) => answer(text, [wanted(edit)]);

  test("say limits in whole processors and MiB", () => {
    expect(edited({ limits: { cpus: 4, memory_bytes: 1_500_000_000 } })).toBe(
      text.replace("cpus: 2", "cpus: 4").replace("memory: 4096", "memory: 1430"),
    );
    expect(edited({ limits: { memory_bytes: 2 ** 30 } })).toBe(text.replace("memory: 4096", "memory: 1024"));
  });

  test("say whom it runs as, however its image is told", () => {
    const other = text.replace("group: 568", "group: 3001").replace("user: 568", "user: 3000");
    expect(edited({ user: "3000:3001" })).toBe(other);
    expect(edited({ environment: { PUID: "3000", PGID: "3001" } })).toBe(other);
  });

  test("have no word for anything else", () => {
    const refusals: [ServiceEdit, string][] = [
      [{ read_only: true }, "read_only"],
      [{ user: "1:1", cap_drop: ["ALL"] }, "cap_drop"],
      [{ environment: { TZ: "UTC" } }, "other variables"],
      [{ limits: { cpus: 0.5 } }, "parts of a processor"],
    ];
    for (const [edit, what] of refusals)
      expect(() => edited(edit)).toThrow(`The chart that it is made from does not ask for ${what}.`);
  });

  test("are all there is: a chart that asks for less is told no more", () => {
    expect(() => answer("{}\n", [wanted({ limits: { cpus: 1 } })])).toThrow("does not ask for limits.");
    expect(() => answer("{}\n", [wanted({ user: "1:1" })])).toThrow("does not ask for a user.");
    expect(() => answer("run_as: root\n", [wanted({ user: "1:1" })])).toThrow("in the usual way.");
  });

  test("are the same for all containers of the app", () => {
    const one = wanted({ limits: { cpus: 1 } });
    expect(answer(text, [one, { ...one, service: "db" }])).toBe(text.replace("cpus: 2", "cpus: 1"));
    expect(() => answer(text, [one, wanted({ limits: { cpus: 3 } }, "db")])).toThrow("otherwise than another.");
  });
});

test("a compose file of TrueNAS is written as TrueNAS gives it back, and a plan takes its lines back", () => {
  const text = "services:\n  web:\n    environment:\n      - B=2\n    image: web:1\n    volumes:\n      - /a:/b\n";
  const edit = { user: "3000:3000", limits: { memory_bytes: 2 ** 30 }, environment: { PUID: "3000" } };
  const change = planDefinition(text, [wanted(edit)], editApp({}));
  const after =
    "services:\n  web:\n    deploy:\n      resources:\n        limits:\n          memory: 1g\n" +
    "    environment:\n      - B=2\n      - PUID=3000\n    image: web:1\n    user: 3000:3000\n    volumes:\n      - /a:/b\n";
  expect(redefined(text, change)).toBe(after);
  expect(restored(after, change, new Map())).toBe(text);
});

test("a secret of such a file that moves into one of its own is not in the plan, and comes back from there", () => {
  for (const value of ["horse-battery-9", "q\"uo'te: #9"]) {
    const text = writeYaml({ services: { web: { environment: ["A=1", `DB_PASSWORD=${value}`], image: "web:1" } } });
    const moved = { variable: "DB_PASSWORD", reads: "DB_PASSWORD_FILE", name: "db_password", file: "/secrets/web/db" };
    const env = ["A=1", `DB_PASSWORD=${value}`];
    const change = planDefinition(text, [{ service: "web", edit: { secrets: [moved] }, env }], editApp({}));
    expect(JSON.stringify(change)).not.toContain(value);
    const after = redefined(text, change);
    expect(after).toBe(
      "secrets:\n  db_password:\n    file: /secrets/web/db\nservices:\n  web:\n    environment:\n      - A=1\n" +
        "      - DB_PASSWORD_FILE=/run/secrets/db_password\n    image: web:1\n    secrets:\n      - db_password\n",
    );
    expect(restored(after ?? "", change, new Map([["/secrets/web/db", value]]))).toBe(text);
  }
});
