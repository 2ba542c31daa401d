import { describe, expect, it } from "vitest";
import { explain, failure, recognise } from "../../../src/systems/docker/failures.ts";
import { wayTo } from "../../../src/systems/docker/ways.ts";
import { samePin } from "../../../src/systems/pins.ts";

const socket = wayTo({ kind: "socket", path: "/var/run/docker.sock" }, 1000);
const secure = wayTo({ kind: "tcp", url: "https://nas.lan:2376" }, 1000);
const portainer = wayTo({ kind: "portainer", url: "https://nas.lan:9443", apiKey: "k", endpoint: 1 }, 1000);
const coded = (code: string) => Object.assign(new Error("what Node says"), { code });

describe("what went wrong, for people", () => {
  it("tells how to be let in where the socket may not be opened", () => {
    expect(explain(socket, coded("EACCES"))).toMatchObject({
      code: "refused",
      message: "Home Steward's account may not open Docker's socket /var/run/docker.sock.",
      fix: expect.stringContaining("sudo usermod -aG docker"),
    });
  });

  it.each([
    [socket, "ECONNREFUSED", "unreachable"],
    [secure, "ENOTFOUND", "unreachable"],
    [secure, "EHOSTUNREACH", "unreachable"],
    [secure, "ETIMEDOUT", "unreachable"],
    [secure, "ECONNRESET", "unreachable"],
    [secure, "HPE_INVALID_CONSTANT", "wrong_answer"],
    [secure, "ERR_SSL_WRONG_VERSION_NUMBER", "wrong_answer"],
    [secure, "DEPTH_ZERO_SELF_SIGNED_CERT", "refused"],
    [secure, "CERT_HAS_EXPIRED", "refused"],
    [secure, "UNABLE_TO_VERIFY_LEAF_SIGNATURE", "refused"],
    [secure, "ERR_TLS_CERT_ALTNAME_INVALID", "refused"],
    [secure, "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "refused"],
  ] as const)("knows each code of Node's (%# %s)", (way, code, ours) => {
    expect(explain(way, coded(code))).toMatchObject({ name: "StewardError", code: ours });
  });

  it("leaves our own mistakes as they are", () => {
    const mistake = new TypeError("undefined is not a function");
    expect(explain(socket, mistake)).toBe(mistake);
  });

  // The sentences of engines 20.10 and 28.5, and of registries behind them.
  it.each([
    ["write /var/lib/docker/tmp/x: no space left on device", "refused"],
    ["toomanyrequests: You have reached your pull rate limit", "refused"],
    ["unauthorized: authentication required", "refused"],
    ["pull access denied for x, repository does not exist or may require 'docker login'", "refused"],
    ["manifest for x:1 not found: manifest unknown: manifest unknown", "not_found"],
    ["No such image: x:1", "not_found"],
    ['Get "https://r/v2/": dial tcp: lookup r on 1.1.1.1:53: no such host', "unreachable"],
    ['Get "https://r/v2/": net/http: TLS handshake timeout', "unreachable"],
    ["Bind for 0.0.0.0:80 failed: port is already allocated", "conflict"],
    ['Conflict. The container name "/x" is already in use by container "y"', "conflict"],
    ["configured logging driver does not support reading", "unsupported"],
    ["client version 1.51 is too new. Maximum supported API version is 1.41", "unsupported"],
  ])("knows the engine's own words: %s", (words, code) => {
    const known = recognise(words);
    expect(known).toMatchObject({ code });
    expect(`${known?.message} ${known?.fix}`).not.toContain(words);
  });

  it("tells a login that Portainer refuses from one that a registry asks for", () => {
    expect(failure(portainer, 401, "Invalid API key").message).toBe("Portainer at nas.lan does not accept the login.");
    expect(failure(portainer, 401, "unauthorized: authentication required").message).toContain("registry");
  });
});

describe("pins", () => {
  const base64 = "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU";
  const hex = "E3:B0:C4:42:98:FC:1C:14:9A:FB:F4:C8:99:6F:B9:24:27:AE:41:E4:64:9B:93:4C:A4:95:99:1B:78:52:B8:55";

  it("are the same however they are written, and nothing else is", () => {
    expect(samePin(base64, `${base64}=`)).toBe(true);
    expect(samePin(base64, hex)).toBe(true);
    expect(samePin(hex.toLowerCase(), base64)).toBe(true);
    expect(samePin(base64, `SHA256:${"A".repeat(43)}`)).toBe(false);
    expect(samePin("", "")).toBe(false);
    expect(samePin("SHA256:", base64)).toBe(false);
  });
});
