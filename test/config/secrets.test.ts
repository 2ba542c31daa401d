import { join } from "node:path";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { secretValues } from "../../src/config/secrets.ts";
import { configFolder } from "./support/config-folder.ts";

const { folder, file, load, complaints } = configFolder();

describe("secrets", () => {
  it("come by value, from a variable or from a file", async () => {
    const path = file("token", "from a file\n");
    const byValue = await load("http: { token: by value }");
    expect(secretValues(byValue.config)).toEqual(["by value"]);
    const fromVariable = await load("http: { token: { env: TOKEN } }", { TOKEN: "from a variable" });
    expect(secretValues(fromVariable.config)).toEqual(["from a variable"]);
    const fromFile = await load(`http: { token: { file: ${path} } }`);
    expect(secretValues(fromFile.config)).toEqual(["from a file"]);
    const fromFileByVariable = await load("hosts: []", { HOME_STEWARD_HTTP_TOKEN_FILE: path });
    expect(secretValues(fromFileByVariable.config)).toEqual(["from a file"]);
  });

  it("print as nothing but [secret], however they are printed", async () => {
    const { config } = await load("http: { token: hunter2-hunter2 }");
    for (const printed of [
      String(config.http.token),
      `${config.http.token}`,
      JSON.stringify(config),
      inspect(config, { depth: 9, showHidden: true }),
      JSON.stringify(Object.entries(config.http.token ?? {})),
    ]) {
      expect(printed).toContain("[secret]");
      expect(printed).not.toContain("hunter2");
    }
  });

  it.skipIf(process.platform === "win32")(
    "are refused from a file that others can read (POSIX modes only)",
    async () => {
      const path = file("open", "secret", 0o640);
      expect(await complaints(`hosts: []\nhttp: { token: { file: ${path} } }`)).toEqual([
        "config.yaml:2: http.token: others can read open (mode 640); chmod 600 it",
      ]);
      expect(await complaints(`http: { token: { file: ${path} } }`, {}, "win32")).toEqual([]);
    },
  );

  it("that are not there are said with the rest", async () => {
    expect(
      await complaints(`http: { token: { env: NOPE } }
hosts:
  - name: nas
    portainer: { url: "https://nas", api_key: { file: ${join(folder(), "gone")} } }
  - name: box
    portainer: { url: "https://box", api_key: { file: ${file("empty", "\n")} } }`),
    ).toEqual([
      "config.yaml:1: http.token: the environment variable NOPE is not set",
      "config.yaml:4: hosts[0].portainer.api_key: gone can't be read",
      "config.yaml:6: hosts[1].portainer.api_key: empty is empty",
    ]);
  });
});
