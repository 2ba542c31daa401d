import { describe, expect, it } from "vitest";
import { readHaproxy } from "../../../../src/analysis/exposure/proxies/haproxy.ts";
import { brief, settings } from "./support.ts";

const read = (text: string) => readHaproxy(settings({ "/usr/local/etc/haproxy/haproxy.cfg": text }));
const house = (rule: string) => `
global
    log stdout format raw local0
defaults
    mode http
userlist family
    user anna password $5$abc
frontend https # the door
    bind *:443 ssl crt /etc/certs/ alpn h2,http/1.1
    bind :::80 v4v6
    acl is_sonarr hdr(host) -i sonarr.example.org sonarr.lan
    acl is_api path_beg /api
    use_backend media if is_sonarr
    use_backend api if { hdr(host) -i nas.example.org } is_api
    default_backend pages
backend media
    acl known http_auth(family)
    ${rule}
    server s1 sonarr:8989 check
backend api
    server a1 192.168.1.5:8080
backend pages
    server p1 pages:80
    server p2 /run/pages.sock
`;

describe("HAProxy", () => {
  it.each([
    ["", "nobody asks"],
    ["http-request auth realm house", "a password"],
    ["http-request auth unless { http_auth(family) }", "a password"],
    ['http-request auth realm "the house" if !known', "a password"],
    ["http-request auth if !known is_api", "a password?"],
    ["mode tcp\n    http-request auth realm house", "nobody asks"],
    ["http-request auth if known", "a password?"],
    ["http-request allow if is_api\n    http-request auth realm house", "a password?"],
    ["http-request lua.auth-intercept authelia /api/authz HEAD * Remote-* *", "authelia"],
    ["http-request lua.auth-intercept authelia /api/authz HEAD * - -", "authelia?"],
    ["http-request lua.auth-intercept authelia /api/authz HEAD * - * if is_api", "authelia?"],
    ["http-request lua.auth-request authentik_backend /outpost", "authentik?"],
    [
      "http-request lua.auth-request authentik_backend /outpost\n    http-request deny if ! { var(txn.auth_response_successful) -m bool }",
      "authentik",
    ],
  ])("with %j: %s", (rule, login) => {
    expect(brief(read(house(rule)))).toEqual([
      `sonarr.example.org sonarr.lan:443 80 -> sonarr:8989, ${login} (haproxy.cfg)`,
      "nas.example.org:443 80 /api -> 192.168.1.5:8080, nobody asks (haproxy.cfg)",
      "any:443 80 -> pages:80, nobody asks (haproxy.cfg)",
    ]);
  });

  it("names are what a test looks for, not how it looks", () => {
    const { routes } = read(
      "frontend f\n bind :80\n use_backend b if { hdr(host) -i -m end .example.org tv.lan }\nbackend b\n server a app:1\n",
    );
    expect(brief({ routes, unseen: [] })).toEqual(["tv.lan:80 -> app:1, nobody asks (haproxy.cfg)"]);
  });

  it("with a frontend and its servers in one, and a backend that is not there", () => {
    const { routes, unseen } = read(
      "listen db\n bind 10.0.0.1:5432\n server d db:5432\nfrontend f\n default_backend gone\n",
    );
    expect(brief({ routes, unseen })).toEqual(["any:5432 -> db:5432, nobody asks (haproxy.cfg)"]);
    expect(unseen).toEqual(["Where /usr/local/etc/haproxy/haproxy.cfg leads to by a backend that is not in it."]);
  });
});
