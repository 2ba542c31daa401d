/** Where a proxy leads to: a name or an address as it writes it, and a port, null where it says none. */
export interface Target {
  host: string;
  port: number | null;
}

/** How a visitor is asked who they are. */
export interface Login {
  /** "authentik", "authelia", "a password" */
  by: string;
  /** The settings that ask were read, and they hold for the whole route; otherwise only its name speaks for it. */
  sure: boolean;
}

/** One way from a proxy's visitors to something behind it. Every text fits a narrow pattern: nothing else is let in. */
export interface Route {
  /** Names it answers to; none where it answers to any, or to such that can't be told. */
  names: string[];
  /** Ports it listens on, inside its own network; none where that is not told. */
  ports: number[];
  /** The part of a site that it is for ("/api"); null for all of it. */
  path: string | null;
  to: Target;
  /** Null where nothing that was read asks. */
  login: Login | null;
  /** The file that says so as the proxy names it, or "labels". */
  from: string;
}

/** What a proxy's settings say. `unseen`: what could not be followed, in plain words. */
export interface ProxyReading {
  routes: Route[];
  unseen: string[];
}

/** A proxy's settings as it sees them itself. */
export interface SettingsFiles {
  /** By their path inside its container. */
  texts: ReadonlyMap<string, string>;
  /** Paths below which every settings file was looked for. */
  covered: readonly string[];
}

const host = String.raw`\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}`;
const target = new RegExp(String.raw`^(?:([a-z][a-z0-9+]{0,9})://)?(${host})(?::(\d{1,5}))?(?=[/$?]|$)`);
const schemePorts: Readonly<Record<string, number>> = { http: 80, https: 443 };

/** "http://sonarr:8989/x" is sonarr, 8989; null where a variable stands in it, or a path of a socket. */
export function targetOf(text: string): Target | null {
  const [, scheme, name, port] = target.exec(text) ?? [];
  if (name === undefined || scheme === "unix") return null;
  return {
    host: name.replace(/^\[|\]$/g, "").toLowerCase(),
    port: port === undefined ? (schemePorts[scheme ?? ""] ?? null) : Number(port),
  };
}

/** The names among these that are names: no variables, no regular expressions, not the one that stands for any. */
export const siteNames = (texts: readonly string[]): string[] =>
  texts.filter((text) => /^(?!\*$)[A-Za-z0-9*][A-Za-z0-9_.*-]{0,252}$/.test(text)).map((text) => text.toLowerCase());

/** Null for the whole site. */
export function pathOf(text: string | undefined): string | null {
  if (text === undefined || /^\/?\*?$/.test(text)) return null;
  return /^\/[A-Za-z0-9_./*-]{0,80}$/.test(text) ? text : "a part";
}

/** "0.0.0.0:8080", ":443", "[::]:80", "443"; null for a socket's path or a name. */
export function portOf(text: string): number | null {
  const port = Number(/^(?:\S*:)?(\d{1,5})(?:\/tcp)?$/.exec(text)?.[1]);
  return port > 0 && port < 65_536 ? port : null;
}

const logins: readonly [RegExp, string][] = [
  [/authentik/i, "authentik"],
  [/authelia/i, "authelia"],
  [/oauth2/i, "oauth2-proxy"],
  [/tinyauth/i, "tinyauth"],
  [/keycloak/i, "keycloak"],
  [/pocket-?id/i, "pocket-id"],
  [/vouch/i, "vouch"],
];

/** The login that an address or a name stands for; `otherwise` where it is none that is known. */
export const loginNamed = (text: string, otherwise: string): string =>
  logins.find(([word]) => word.test(text))?.[1] ?? otherwise;

export const password = "a password";

/** Of one site: more share a load in no house. */
export const mostServers = 10;
/** More than a house's proxy has. */
export const mostRoutes = 2_000;

export const tooLong = "All of its settings: they are longer than is looked at.";

/** One line for any number of files. */
export function inFiles(what: string, files: ReadonlySet<string>): string[] {
  const [first, ...more] = files;
  if (first === undefined) return [];
  return [`${what}, in ${first}${more.length > 0 ? ` and ${more.length} more` : ""}.`];
}
