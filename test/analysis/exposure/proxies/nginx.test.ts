import { describe, expect, it } from "vitest";
import { readNginx } from "../../../../src/analysis/exposure/proxies/nginx.ts";
import { brief, settings } from "./support.ts";

/** As SWAG has them: nginx.conf, a site, one file for each program, and snippets for a login that one line asks for. */
const swag = (sonarr: string) =>
  settings(
    {
      "/config/nginx/nginx.conf": `
user abc;
include /config/nginx/worker_processes.conf;
events { worker_connections 1024; }
http {
    include mime.types;
    map $http_upgrade $connection_upgrade { default upgrade; '' close; }
    include /etc/nginx/http.d/*.conf;
    include /config/nginx/site-confs/*.conf;
}`,
      "/config/nginx/site-confs/default.conf": `
server {
    listen 80 default_server;
    listen [::]:80 default_server;
    location / { return 301 https://$host$request_uri; }
}
server {
    listen 443 ssl default_server;
    server_name _;
    root /config/www;
    location / { try_files $uri $uri/ /index.html; }
    include /config/nginx/proxy-confs/*.subfolder.conf;
}
include /config/nginx/proxy-confs/*.subdomain.conf;`,
      "/config/nginx/proxy-confs/sonarr.subdomain.conf": sonarr,
      "/config/nginx/proxy.conf": "proxy_set_header Host $host; # no login here\n",
      "/config/nginx/authentik-server.conf": `
location ^~ /outpost.goauthentik.io {
    auth_request off;
    include /config/nginx/proxy.conf;
    set $upstream_authentik authentik-server;
    proxy_pass http://$upstream_authentik:9000;
}
location @goauthentik_proxy_signin { internal; return 302 /outpost.goauthentik.io/start?rd=$scheme://$http_host; }`,
      "/config/nginx/authentik-location.conf": `
auth_request /outpost.goauthentik.io/auth/nginx;
error_page 401 = @goauthentik_proxy_signin;`,
    },
    "/config/nginx",
  );
const sonarr = (mark: string) => `
server {
    listen 443 ssl;
    listen [::]:443 ssl;
    server_name sonarr.*;
    ${mark}include /config/nginx/authentik-server.conf;
    location / {
        ${mark}include /config/nginx/authentik-location.conf;
        include /config/nginx/proxy.conf;
        set $upstream_app sonarr;
        set $upstream_port 8989;
        set $upstream_proto http;
        proxy_pass $upstream_proto://$upstream_app:$upstream_port;
    }
    location ~ (/sonarr)?/api {
        set $upstream_app sonarr;
        proxy_pass http://$upstream_app:8989;
    }
}`;

describe("SWAG", () => {
  it("asks where the lines that ask are in force, and not on a part that is left out", () => {
    const { unseen } = readNginx(swag(sonarr("")));
    expect(brief(readNginx(swag(sonarr(""))))).toEqual([
      "sonarr.*:443 /outpost.goauthentik.io -> authentik-server:9000, nobody asks (sonarr.subdomain.conf)",
      "sonarr.*:443 -> sonarr:8989, authentik (sonarr.subdomain.conf)",
      "sonarr.*:443 a part -> sonarr:8989, nobody asks (sonarr.subdomain.conf)",
    ]);
    expect(unseen).toEqual(["What is included from elsewhere, in /config/nginx/nginx.conf."]);
  });

  it("asks nobody where they are commented out, as they come", () => {
    expect(brief(readNginx(swag(sonarr("#"))))).toEqual([
      "sonarr.*:443 -> sonarr:8989, nobody asks (sonarr.subdomain.conf)",
      "sonarr.*:443 a part -> sonarr:8989, nobody asks (sonarr.subdomain.conf)",
    ]);
  });
});

/** As Nginx Proxy Manager writes them; the file that leads on comes with its image. */
const host = (access: string) => `
# ------------------------------------------------------------
# films.example.org
# ------------------------------------------------------------
map $scheme $hsts_header { https "max-age=63072000; preload"; }
server {
  set $forward_scheme http;
  set $server         "192.168.1.5";
  set $port           8096;

  listen 80;
listen [::]:80;
listen 443 ssl;
  server_name films.example.org movies.example.org;
  include conf.d/include/letsencrypt-acme-challenge.conf;
  include conf.d/include/block-exploits.conf;
  location / {
${access}
    include conf.d/include/proxy.conf;
  }
  include /data/nginx/custom/server_proxy[.]conf;
}`;
const npm = (access: string) => settings({ "/data/nginx/proxy_host/1.conf": host(access) }, "/data/nginx");

describe("Nginx Proxy Manager", () => {
  it.each([
    ["", "nobody asks"],
    ['auth_basic "Authorization required"; auth_basic_user_file /data/access/1; deny all; satisfy all;', "a password"],
    [
      'auth_basic "Authorization required"; allow 192.168.1.0/24; deny all; satisfy any;',
      "a password (not from allowed addresses)",
    ],
    ['auth_basic "Authorization required"; deny 10.0.0.9; allow all; satisfy any;', "nobody asks"],
  ])("with %j: %s", (access, login) => {
    const { unseen } = readNginx(npm(access));
    expect(brief(readNginx(npm(access)))).toEqual([
      `films.example.org movies.example.org:80 443 -> 192.168.1.5:8096, ${login} (1.conf)`,
    ]);
    expect(unseen).toEqual([]);
  });
});

describe("nginx", () => {
  const one = (text: string) => readNginx(settings({ "/etc/nginx/conf.d/site.conf": text }));

  it("follows upstreams, and streams to whatever they lead to", () => {
    const text = `
upstream app { zone app 64k; server app-1:3000 max_fails=3; server app-2:3000; server unix:/run/app.sock; }
server { server_name "app.example.org"; auth_basic 'Who are you?'; location /app/ { proxy_pass http://app/; } }
server { listen 127.0.0.1:5433; proxy_pass db:5432; }`;
    expect(brief(one(text))).toEqual([
      "app.example.org:80 /app/ -> app-1:3000, a password (site.conf)",
      "app.example.org:80 /app/ -> app-2:3000, a password (site.conf)",
      "any:5433 -> db:5432, nobody asks (site.conf)",
    ]);
  });

  it("hands a login on to what is inside, until something there says otherwise", () => {
    const text = `server { listen 8443 ssl; auth_request /internal/authelia/authz; proxy_pass http://a:1;
      location /open { auth_request off; proxy_pass http://a:1; }
      location /internal/authelia { internal; proxy_pass http://authelia:9091; } }`;
    expect(brief(one(text))).toEqual([
      "any:8443 -> a:1, authelia (site.conf)",
      "any:8443 /open -> a:1, nobody asks (site.conf)",
    ]);
  });

  it("is not sure of a variable, and takes no guard against machines for a login", () => {
    const text = `server { set $auth Restricted; if (!-f /htpasswd) { set $auth off; }
      location / { auth_basic $auth; proxy_pass http://a:1; }
      location /b { auth_request /.within.website/x/cmd/anubis/api/check; proxy_pass http://b:1; } }`;
    expect(brief(one(text))).toEqual([
      "any:80 -> a:1, a password? (site.conf)",
      "any:80 /b -> b:1, nobody asks (site.conf)",
    ]);
  });

  it("says what it can't follow", () => {
    const { routes, unseen } = one(
      "include /somewhere/else.conf; include $x.conf; server { location / { proxy_pass http://$backend; } location /s { proxy_pass http://unix:/run/x; } }",
    );
    expect(routes).toEqual([]);
    expect(unseen).toEqual([
      "What is included from elsewhere, in /etc/nginx/conf.d/site.conf.",
      "Where a variable or a socket leads to, in /etc/nginx/conf.d/site.conf.",
    ]);
  });

  it("never takes files for read that are not asked for by their names", () => {
    expect(one("include /etc/nginx/conf.d/enabled/*; include /etc/nginx/conf.d/?.conf;").unseen).toEqual([
      "What is included from elsewhere, in /etc/nginx/conf.d/site.conf.",
    ]);
  });

  it("does not run in circles, nor as long as somebody likes", () => {
    const { unseen } = one("include conf.d/site.conf; include conf.d/site.conf;");
    expect(unseen).toEqual(["All of its settings: they are longer than is looked at."]);
  });
});
