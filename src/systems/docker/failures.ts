import { type ErrorCode, StewardError } from "../../shared/errors.ts";
import type { Way } from "./ways.ts";

/**
 * Turns what goes wrong on the way to an engine, and what an engine says no with, into our own words.
 * The engine's own sentence is only searched for what we know, and goes along as the cause for the log.
 */
type Said = readonly [code: ErrorCode, message: string, fix: string];

/** What engines, registries and runtimes say (moby and distribution sources; seen on 20.10 and 28.5), most telling first. */
const known: readonly (readonly [pattern: RegExp, said: Said])[] = [
  [
    /no space left on device/i,
    [
      "refused",
      "The disk of the Docker host is full.",
      "Free space there (docker system df shows what uses it), then try again.",
    ],
  ],
  [
    /toomanyrequests|too many requests|rate limit/i,
    [
      "refused",
      "The registry's rate limit is reached.",
      "Wait some hours, or log in to the registry for a higher limit.",
    ],
  ],
  [
    /client version \S+ is too (?:new|old)/i,
    [
      "unsupported",
      "The Docker engine no longer speaks the API version that was agreed on.",
      "It was probably updated: try again.",
    ],
  ],
  [
    /port is already allocated|address already in use/i,
    ["conflict", "A port that the container wants is taken.", "Stop what uses the port, or publish another one."],
  ],
  [
    /name .* is already in use/i,
    ["conflict", "Another container has that name.", "Rename or remove the other one first."],
  ],
  [
    /unauthorized:|authentication required|access (?:to the resource is )?denied|insufficient_scope|no basic auth/i,
    [
      "refused",
      "The registry has no such image, or hands it out only after a login.",
      "Check the name, or log in to the registry on the Docker host.",
    ],
  ],
  [
    /(?:manifest|tag|repository|name) ?(?:for \S+ )?(?:unknown|(?:does )?not (?:exist|found))|no such image|not found: manifest/i,
    ["not_found", "There is no such image or tag.", "Check its name and tag in the registry."],
  ],
  [
    /no such host|i\/o timeout|connection refused|connection reset|TLS handshake|x509|server misbehaving|network is unreachable|no route to host|context deadline exceeded|unexpected EOF|: EOF$|server gave HTTP response/i,
    [
      "unreachable",
      "The Docker engine can't reach the registry.",
      "Check the registry and the network of the Docker host.",
    ],
  ],
  [
    /already exists in network|is not connected to (?:the )?network/i,
    ["conflict", "The container is already as that network wants it.", "Look at its networks again."],
  ],
  [
    /does not support reading/i,
    [
      "unsupported",
      "This container's logging driver can't be read back.",
      "Set the logging driver to local or json-file.",
    ],
  ],
];

/** The errors that engines name in their own sentence, null if we know none in it. */
export function recognise(message: string): StewardError | null {
  const found = known.find(([pattern]) => pattern.test(message));
  return found === undefined ? null : said(found[1], message);
}

/** An answer with a status that says no. */
export function failure(way: Way, status: number, message: string): StewardError {
  const told = (...words: Said) => said(words, message);
  const proxied = way.kind === "portainer";
  const recognised = recognise(message);
  if (recognised !== null) return recognised;
  if (status === 401 || (status === 403 && proxied))
    return told(
      "refused",
      `${way.name} does not accept the login.`,
      proxied ? "Check Portainer's api_key and that its user may use this environment." : "Check the certificate.",
    );
  if (status === 403) return told("refused", `${way.name} does not allow that.`, "Look at its authorisation settings.");
  if (status === 404 && message === "" && !proxied)
    return wrongAnswer(way, "a page that Docker does not have", new Error(`HTTP ${status}`));
  if (status === 404)
    return told("not_found", "Docker knows nothing of that name.", "List the containers to see what there is.");
  if (status === 409)
    return told("conflict", "That does not fit the state the container is in now.", "Look at it again.");
  if (status === 429) return told("refused", `${way.name} gets too many requests.`, "Wait a minute, then try again.");
  if (status === 502 || status === 503 || status === 504)
    return told(
      "unreachable",
      `${way.name} is there, but the engine behind it is not.`,
      "Start Docker on that machine.",
    );
  if (status === 501) return told("unsupported", `${way.name} can't do that.`, "Update Docker on that machine.");
  if (status === 400)
    return told("bad_input", "Docker did not accept what it was asked.", "Its log says what it missed.");
  if (status >= 500)
    return told(
      "refused",
      `Docker could not do that (HTTP ${status}).`,
      "Look into Docker's log on that machine, then try again.",
    );
  return wrongAnswer(way, `HTTP ${status}`, new Error(message));
}

/** Something answers, but not as Docker does. */
export function wrongAnswer(way: Way, what: string, cause?: unknown): StewardError {
  return new StewardError(
    "wrong_answer",
    `${way.name} answered ${what}.`,
    `Check that ${way.setting} names a Docker engine and no other service.`,
    { cause },
  );
}

/** What Node says of a connection, by its code. */
export function explain(way: Way, error: unknown): unknown {
  if (error instanceof StewardError) return error;
  const code = codeOf(error);
  const told = (...[kind, message, fix]: Said) => new StewardError(kind, message, fix, { cause: error });
  if (code === "EACCES" || code === "EPERM")
    return told(
      "refused",
      `Home Steward's account may not open ${way.name}.`,
      "Add the account to the group that owns the socket (on Linux: sudo usermod -aG docker ACCOUNT, then log in again), " +
        "or run Home Steward under one that may.",
    );
  if (code === "ENOENT")
    return told("unreachable", `${way.name} does not exist.`, `Start Docker, or correct ${way.setting}.`);
  if (code === "ECONNREFUSED")
    return told("unreachable", `Nothing listens at ${way.name}.`, `Start Docker there, or correct ${way.setting}.`);
  if (code === "ENOTFOUND" || code === "EAI_AGAIN")
    return told(
      "unreachable",
      `The machine of ${way.name} has no known address.`,
      `Correct ${way.setting} or its DNS name.`,
    );
  if (code === "EHOSTUNREACH" || code === "ENETUNREACH" || code === "ETIMEDOUT" || code === "EHOSTDOWN")
    return told(
      "unreachable",
      `The machine of ${way.name} does not answer.`,
      "Check that it is on and in this network.",
    );
  if (error instanceof Error && error.message.startsWith("Max redirects"))
    return wrongAnswer(way, "a redirect to somewhere else", error);
  if (code.startsWith("HPE_")) return wrongAnswer(way, "something that is not HTTP", error);
  if (/CERT|ALTNAME|SIGNATURE|ISSUER/.test(code) && !code.includes("ALERT"))
    return told(
      "refused",
      `The certificate that ${way.name} shows can't be verified.`,
      way.kind === "portainer"
        ? "Set portainer's fingerprint to the one home-steward doctor shows, after comparing it on that machine."
        : "Set ca to the certificate of the authority that signed it, and use a name that is in it.",
    );
  if (/ALERT|HANDSHAKE_FAILURE/.test(code))
    return told(
      "refused",
      `${way.name} does not accept our certificate.`,
      "Set cert and key to a pair that its authority signed.",
    );
  if (code === "EPROTO" || code.startsWith("ERR_SSL")) return wrongAnswer(way, "something that is not TLS", error);
  if (code === "ECONNRESET" || code === "EPIPE" || code === "ECONNABORTED" || code === "ERR_STREAM_PREMATURE_CLOSE")
    return told(
      "unreachable",
      `${way.name} hung up in the middle.`,
      "Docker may be restarting: try again, then look into its log on that machine.",
    );
  // What Node passes on from the system, in words we have not met yet.
  if (/^E[A-Z]+$/.test(code))
    return told("unreachable", `There is no connection to ${way.name}.`, "Check the network.");
  return error;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

function said([code, message, fix]: Said, engine: string): StewardError {
  return new StewardError(code, message, fix, { cause: new Error(engine) });
}
