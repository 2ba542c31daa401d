import { describe, expect, it } from "vitest";
import { readCaddy } from "../../../../src/analysis/exposure/proxies/caddy.ts";
import { brief, settings } from "./support.ts";

const caddy = (text: string, more: Record<string, string> = {}) =>
  readCaddy(settings({ "/etc/caddy/Caddyfile": text, ...more }));

describe("a Caddyfile", () => {
  it("with snippets, files, several addresses and parts of sites", () => {
    const reading = caddy(
      `
{
	email me@example.org
	servers { trusted_proxies static private_ranges }
}

(authentik) {
	reverse_proxy /outpost.goauthentik.io/* authentik:9000
	forward_auth authentik:9000 {
		uri /outpost.goauthentik.io/auth/caddy
		copy_headers X-Authentik-Username
	}
}
(to) {
	reverse_proxy {args[0]}:{args[1]}
}

# films
sonarr.example.org,
http://sonarr.lan {
	import authentik
	import to sonarr 8989
}
import sites/*.caddy
`,
      {
        "/etc/caddy/sites/pages.caddy": `pages.example.org:8443 {
	handle /api/* {
		reverse_proxy pages:80
	}
	handle {
		basic_auth {
			anna $2a$14$Zkx19XLiW6VYouLHR5NmfOFU0z2GTNmpkT/5qqR7hx4IjWJPDhjvG
		}
		reverse_proxy {
			to http://pages-1:80 pages-2:80
		}
	}
}`,
      },
    );
    expect(brief(reading)).toEqual([
      "sonarr.example.org sonarr.lan:443 80 /outpost.goauthentik.io/* -> authentik:9000, authentik (Caddyfile)",
      "sonarr.example.org sonarr.lan:443 80 -> sonarr:8989, authentik (Caddyfile)",
      "pages.example.org:8443 /api/* -> pages:80, nobody asks (pages.caddy)",
      "pages.example.org:8443 -> pages-1:80, a password (pages.caddy)",
      "pages.example.org:8443 -> pages-2:80, a password (pages.caddy)",
    ]);
    expect(reading.unseen).toEqual([]);
    expect(JSON.stringify(reading)).not.toContain("$2a$");
  });

  it("of one site may leave out its braces", () => {
    expect(brief(caddy("{\n\tdebug\n}\n:8080\nreverse_proxy app:3000\n"))).toEqual([
      "any:8080 -> app:3000, nobody asks (Caddyfile)",
    ]);
  });

  it("a login for some requests is not sure", () => {
    expect(
      brief(caddy("a.example.org {\n forward_auth @outside authelia:9091\n reverse_proxy @app app:3000\n}")),
    ).toEqual(["a.example.org:443 a part -> app:3000, authelia? (Caddyfile)"]);
  });

  it("in a route, one line after the other: nobody is asked before the login", () => {
    const site = (block: string) =>
      brief(
        caddy(
          `a.example.org {\n ${block} {\n reverse_proxy /api/* api:1\n forward_auth authelia:9091\n reverse_proxy app:2\n }\n}`,
        ),
      );
    expect(site("route")).toEqual([
      "a.example.org:443 /api/* -> api:1, nobody asks (Caddyfile)",
      "a.example.org:443 -> app:2, authelia (Caddyfile)",
    ]);
    expect(site("handle")[0]).toBe("a.example.org:443 /api/* -> api:1, authelia (Caddyfile)");
  });

  it("is read no deeper than anybody nests, snippets neither", () => {
    const deep = `(deep) {\n${"handle {\n".repeat(20_000)}reverse_proxy app:1\n`;
    expect(caddy(`a.example.org {\n import deep\n}\n${deep}`).routes).toEqual([]);
  });

  it("says what it can't follow", () => {
    const { routes, unseen } = caddy("{$DOMAIN} {\n import ../shared/*.caddy\n reverse_proxy {$BACKEND}\n}");
    expect(routes).toEqual([]);
    expect(unseen).toEqual([
      "What is imported from elsewhere, in /etc/caddy/Caddyfile.",
      "Where a variable or a socket leads to, in /etc/caddy/Caddyfile.",
    ]);
    expect(readCaddy(settings({}, "/etc/caddy")).unseen).toEqual([
      "Its Caddyfile: none was found among what was read.",
    ]);
  });
});
