import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { editCompose, type ServiceEdit } from "../../../src/analysis/managers/edit-compose.ts";
import { editedLike, lineEdits, unifiedDiff } from "../../../src/analysis/managers/line-diff.ts";

const media = `# The media stack. Do not reorder!
name: media

services:
  plex:   # watched by everybody
    image: linuxserver/plex:latest
    network_mode: host
    environment:
    - PUID=1000     # the family
    - PGID=1000
    - PLEX_CLAIM=claim-abc
    volumes: ["/mnt/tank/apps/plex:/config", '/mnt/tank/media:/media:ro']

    restart: unless-stopped
  sonarr:
    image: 'linuxserver/sonarr'
    mem_limit: 1g
    environment: {PUID: "1000", API_KEY: "s3cret"}

# networks come last
networks:
  default:
    name:    home
`;

describe("editing one service of a compose file", () => {
  test("sets limits where there are none, and touches no other line", () => {
    const { text, diff } = editCompose(media, "plex", { limits: { cpus: 4, memory_bytes: 8 * 2 ** 30 } });
    expect(diff).toBe(`@@ -13,4 +13,9 @@
 
     restart: unless-stopped
+    deploy:
+      resources:
+        limits:
+          cpus: "4"
+          memory: 8g
   sonarr:
     image: 'linuxserver/sonarr'`);
    expect(text.split("\n").filter((line) => !media.includes(line))).toEqual([
      "    deploy:",
      "      resources:",
      "        limits:",
      '          cpus: "4"',
      "          memory: 8g",
    ]);
    expect(parse(text).services.sonarr).toEqual(parse(media).services.sonarr);
  });

  test("writes a limit the way the file has it, with no swap on top", () => {
    expect(editCompose(media, "sonarr", { limits: { memory_bytes: 2 * 2 ** 30 } }).diff).toBe(`@@ -15,6 +15,7 @@
   sonarr:
     image: 'linuxserver/sonarr'
-    mem_limit: 1g
+    mem_limit: 2g
     environment: {PUID: "1000", API_KEY: "s3cret"}
+    memswap_limit: 2g
 
 # networks come last`);
  });

  const limits = { cpus: 2, memory_bytes: 64 * 2 ** 20 };
  test.each([
    ["mem_limit: 1g", "mem_limit: 64m\n    cpus: 2\n    memswap_limit: 64m"],
    ["pids_limit: 100", "pids_limit: 100\n    cpus: 2\n    mem_limit: 64m\n    memswap_limit: 64m"],
    [
      "deploy: { resources: { limits: { pids: 9 } } }",
      'deploy: { resources: { limits: { pids: 9, cpus: "2", memory: 64m } } }',
    ],
    [
      "cpus: 3\n    deploy: { resources: { limits: { cpus: 3 } } }",
      'cpus: 2\n    deploy: { resources: { limits: { cpus: "2", memory: 64m } } }',
    ],
  ])("writes both limits in one way, where compose would refuse two that differ: %j", (before, after) => {
    const file = (said: string) => `services:\n  web:\n    image: web\n    ${said}\n`;
    expect(editCompose(file(before), "web", { limits }).text).toBe(file(after));
  });

  test("says who it runs as and what it may not", () => {
    const edit: ServiceEdit = {
      user: "1001:1001",
      read_only: true,
      tmpfs: ["/tmp", "/run"],
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
    };
    const { text } = editCompose(media, "plex", edit);
    expect(parse(text).services.plex).toMatchObject({
      user: "1001:1001",
      read_only: true,
      tmpfs: ["/tmp", "/run"],
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
    });
    // A second time there is nothing to do.
    expect(editCompose(text, "plex", edit)).toEqual({ text, diff: "" });
  });

  test("adds folders in memory to the one there is, and leaves how that is set up", () => {
    const text = "services:\n  app:\n    image: app:1\n    tmpfs: /run:size=1m\n";
    expect(editCompose(text, "app", { tmpfs: ["/tmp", "/run"] }).text).toBe(
      "services:\n  app:\n    image: app:1\n    tmpfs:\n      - /run:size=1m\n      - /tmp\n",
    );
  });

  test("changes variables in a list and in a map, and keeps what is said about them", () => {
    const { diff } = editCompose(media, "plex", { environment: { PUID: "1001" } });
    expect(diff).toContain("-    - PUID=1000     # the family\n+    - PUID=1001 # the family");
    const { text } = editCompose(media, "sonarr", { environment: { PUID: "1002", PGID: "1002" } });
    expect(parse(text).services.sonarr.environment).toEqual({ PUID: "1002", PGID: "1002", API_KEY: "s3cret" });
  });

  test("moves a secret out of the variables into a file, without its value in what is added", () => {
    const { text, diff } = editCompose(media, "sonarr", {
      secrets: [
        {
          variable: "API_KEY",
          reads: "API_KEY_FILE",
          name: "sonarr_api_key",
          file: "./secrets/sonarr_api_key",
        },
      ],
    });
    const now = parse(text);
    expect(now.services.sonarr.environment).toEqual({ PUID: "1000", API_KEY_FILE: "/run/secrets/sonarr_api_key" });
    expect(now.services.sonarr.secrets).toEqual(["sonarr_api_key"]);
    expect(now.secrets).toEqual({ sonarr_api_key: { file: "./secrets/sonarr_api_key" } });
    expect(text).not.toContain("s3cret");
    expect(
      diff
        .split("\n")
        .filter((line) => line.startsWith("+"))
        .join(),
    ).not.toContain("s3cret");
  });

  const moves = {
    secrets: [{ variable: "KEY", reads: "KEY_FILE", name: "app.KEY", file: "/mnt/tank/home-steward-secrets/app.KEY" }],
  };

  test("moves a secret out of a list, and out of what says itself where it lies", () => {
    const { text } = editCompose(
      "services:\n  app:\n    environment:\n      - A=1\n      - KEY=s3cret\n",
      "app",
      moves,
    );
    expect(text).toBe(
      "services:\n  app:\n    environment:\n      - A=1\n      - KEY_FILE=/run/secrets/app.KEY\n    secrets:\n      - app.KEY\n" +
        "secrets:\n  app.KEY:\n    file: /mnt/tank/home-steward-secrets/app.KEY\n",
    );
    const [secret] = moves.secrets;
    const itself = { secrets: [{ ...secret, variable: "KEY", reads: "KEY", name: "app.KEY", file: "/f" }] };
    expect(
      parse(editCompose("services: { app: { environment: { KEY: s3cret } } }", "app", itself).text).services,
    ).toEqual({
      app: { environment: { KEY: "file:///run/secrets/app.KEY" }, secrets: ["app.KEY"] },
    });
  });

  test.each([
    ["from an env_file", "services:\n  app:\n    env_file: .env\n    environment: { KEY: x }\n"],
    ["from nowhere that is seen", "services:\n  app:\n    environment: { A: x }\n"],
    ["from another service", "services:\n  app:\n    extends: { service: base }\n    environment: { KEY: x }\n"],
    ["from an anchor", "x-e: &e\n  KEY: x\nservices:\n  app:\n    environment:\n      <<: *e\n      KEY: y\n"],
    ["from an alias", "x-e: &e\n  KEY: x\nservices:\n  app:\n    environment: *e\n"],
    [
      "that another service shares",
      "services:\n  app:\n    environment: &e\n      KEY: x\n  b:\n    environment: *e\n",
    ],
    ["whose name is taken", "services:\n  app:\n    environment: { KEY: x }\nsecrets: { app.KEY: { file: /a } }\n"],
    [
      "that others take by its anchor",
      "services:\n  app:\n    environment:\n      KEY: &k x\n  b:\n    environment:\n      KEY: *k\n",
    ],
  ])("does not move a secret %s", (_, text) => {
    expect(() => editCompose(text, "app", moves)).toThrow(expect.objectContaining({ code: "unsupported" }));
  });

  test("sets no variable where they all stand elsewhere", () => {
    const text = "x-e: &e\n  A: x\nservices:\n  app:\n    environment: *e\n";
    expect(() => editCompose(text, "app", { environment: { PUID: "3000" } })).toThrow("stand elsewhere");
  });

  test("keeps Windows' line ends, tabs in comments and a file without an end of line", () => {
    const dos = "services:\r\n  web:\r\n    image: web # a\tb\r\n";
    expect(editCompose(dos, "web", { read_only: true }).text).toBe(
      "services:\r\n  web:\r\n    image: web # a\tb\r\n    read_only: true\r\n",
    );
    const bare = "services:\n  web:\n    image: web";
    expect(parse(editCompose(bare, "web", { read_only: true }).text)).toEqual({
      services: { web: { image: "web", read_only: true } },
    });
  });

  test("overrides what an anchor gives, and does not change the anchor", () => {
    const anchored = "x-base: &base\n  user: root\nservices:\n  web:\n    <<: *base\n    image: web\n";
    const { text } = editCompose(anchored, "web", { user: "1001" });
    expect(text).toBe(anchored.replace("image: web\n", 'image: web\n    user: "1001"\n'));
  });

  test.each([
    ["unsupported", "services: [", "web"],
    ["unsupported", "just text", "web"],
    ["unsupported", "services:\n  a: &a {image: web}\n  web: *a\n", "web"],
    ["not_found", "services:\n  a: {image: web}\n", "web"],
    ["not_found", "version: 3\n", "web"],
  ])("%s: %j", (code, text, service) => {
    expect(() => editCompose(text, service, { read_only: true })).toThrow(expect.objectContaining({ code }));
  });
});

describe("lines", () => {
  const lines = fc.array(fc.constantFrom("a", "b", "c", ""), { maxLength: 12 });

  test("edits make the one of the other", () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        expect(editedLike(before, before, lineEdits(before, after))).toEqual(after);
      }),
    );
  });

  test("made in a text that is written in another way, they leave its way of writing", () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const edits = lineEdits(before, after);
        const made = editedLike(
          before.map((line) => `${line} `),
          before,
          edits,
        );
        expect(made.map((line) => line.trimEnd())).toEqual(after);
        const gone = edits.reduce((sum, { removed }) => sum + removed.length, 0);
        expect(made.filter((line) => line.endsWith(" "))).toHaveLength(before.length - gone);
      }),
    );
  });

  test("of files too long to compare each with each are found one by one", () => {
    const before = Array.from({ length: 100_000 }, (_, at) => `line ${at}`);
    const after = ["first", ...before.slice(1, 70_000), ...before.slice(70_001), "last"];
    expect(lineEdits(before, after)).toEqual([
      { at: 0, removed: ["line 0"], added: ["first"] },
      { at: 70_000, removed: ["line 70000"], added: [] },
      { at: 100_000, removed: [], added: ["last"] },
    ]);
  });

  test("of which too many differ are all taken out and put in", () => {
    const before = Array.from({ length: 1_500 }, (_, at) => `line ${at}`);
    const after = before.map((line) => `${line}!`);
    expect(lineEdits(["same", ...before], ["same", ...after])).toEqual([{ at: 1, removed: before, added: after }]);
  });

  test("a diff holds what goes and what comes", () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const edits = lineEdits(before, after);
        const diff = unifiedDiff(before, edits).split("\n");
        const signed = (sign: string) => diff.filter((line) => line.startsWith(sign)).map((line) => line.slice(1));
        expect(signed("-")).toEqual(edits.flatMap(({ removed }) => removed));
        expect(signed("+")).toEqual(edits.flatMap(({ added }) => added));
      }),
    );
  });
});
