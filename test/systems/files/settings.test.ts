import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectFiles } from "../../../src/systems/files/index.ts";
import { localRunner } from "../../../src/systems/shell/local.ts";
import { shellOver } from "../../../src/systems/shell/shell.ts";
import { readingCommands } from "../../../src/systems/shell/table.ts";
import { playedRunner } from "../../support/played-shell.ts";

describe.skipIf(process.platform !== "linux")("settings files (needs GNU find)", () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "home-steward-settings-")));
  const files = connectFiles({ reading: shellOver(localRunner(), readingCommands, [root]) }, [root]);
  const at = (path: string) => join(root, path);
  beforeAll(() => {
    mkdirSync(at("nginx/site-confs"), { recursive: true });
    mkdirSync(at("deep/1/2/3/4/5"), { recursive: true });
    for (const name of ["nginx/nginx.conf", "nginx/site-confs/default.conf", "nginx/Caddyfile", "nginx/x.conf.sample"])
      writeFileSync(at(name), `# ${name}\n`);
    for (const name of ["nginx/server.key", "nginx/acme.json", "deep/1/2/3/near.yml", "deep/1/2/3/4/far.yml"])
      writeFileSync(at(name), "secret");
    writeFileSync(at("nginx/large.conf"), "#".repeat(300_000));
    symlinkSync("/etc/hosts", at("nginx/out.conf"));
    symlinkSync(at("nginx"), at("link"));
  });
  afterAll(() => rmSync(root, { recursive: true }));

  it("are found by their endings, without links and without keys", async () => {
    expect(await files.settings(at("nginx"))).toEqual({
      files: [
        at("nginx/Caddyfile"),
        at("nginx/large.conf"),
        at("nginx/nginx.conf"),
        at("nginx/site-confs/default.conf"),
      ],
      // What the link leads to is not.
      whole: false,
    });
    expect(await files.settings(at("deep"))).toEqual({ files: [at("deep/1/2/3/near.yml")], whole: true });
    expect((await files.settings(at("nginx/nginx.conf"))).files).toEqual([at("nginx/nginx.conf")]);
  });

  it("may lie behind a link whose name is a folder's, and that is said", async () => {
    mkdirSync(at("linked"));
    writeFileSync(at("linked/a.conf"), "");
    symlinkSync("server.key", at("linked/live.pem"));
    expect(await files.settings(at("linked"))).toEqual({ files: [at("linked/a.conf")], whole: true });
    symlinkSync(at("nginx/site-confs"), at("linked/sites"));
    expect(await files.settings(at("linked"))).toEqual({ files: [at("linked/a.conf")], whole: false });
  });

  it("are read up to a size", async () => {
    expect(await files.settingsText(at("nginx/nginx.conf"))).toBe("# nginx/nginx.conf\n");
    await expect(files.settingsText(at("nginx/large.conf"))).rejects.toMatchObject({ code: "wrong_answer" });
    await expect(files.settingsText(at("nginx/gone.conf"))).rejects.toMatchObject({ code: "refused" });
  });

  it.each(["server.key", "acme.json", "x.conf.sample", "site-confs"])("nothing else is: %s", async (name) => {
    await expect(files.settingsText(at(`nginx/${name}`))).rejects.toMatchObject({ code: "bad_input" });
  });

  it("are neither found nor read over a link or outside of the roots", async () => {
    await expect(files.settings(at("link"))).rejects.toMatchObject({ code: "refused" });
    await expect(files.settings(at("nowhere"))).rejects.toMatchObject({ code: "not_found" });
    await expect(files.settings("/etc")).rejects.toMatchObject({ code: "bad_input" });
    await expect(files.settingsText("/etc/adduser.conf")).rejects.toMatchObject({ code: "bad_input" });
  });

  it.skipIf(process.getuid?.() === 0)("are not all told where a folder is closed", async () => {
    mkdirSync(at("closed/inner"), { recursive: true });
    chmodSync(at("closed/inner"), 0);
    const found = await files.settings(at("closed"));
    // Or it can't be swept away.
    chmodSync(at("closed/inner"), 0o700);
    expect(found).toEqual({ files: [], whole: false });
  });
});

it("what find could not look for is said", async () => {
  const runner = playedRunner(([program = ""]) =>
    program.endsWith("readlink") ? { stdout: "/mnt/a\0" } : { stdout: "f/mnt/a/b.conf\0", code: 1 },
  );
  const files = connectFiles({ reading: shellOver(runner, readingCommands) });
  expect(await files.settings("/mnt/a")).toEqual({ files: ["/mnt/a/b.conf"], whole: false });
});
