import { z } from "zod";
import { StewardError } from "../../shared/errors.ts";
import { wrongAnswer } from "./failures.ts";
import type { TrueNasConnection } from "./port.ts";
import type { Session } from "./session.ts";

/**
 * Logs in with an API key. 24.x has one way, bound to no user; 25.04 and later another, which also tells why not.
 * `auth.mechanism_choices` is never asked: before a login it crashes 25.04 and 25.10.
 * After a refusal the socket is of no more use there: end it.
 */
export async function login(
  session: Session,
  { username, apiKey }: TrueNasConnection,
  { jsonRpc, deadline_ms }: { jsonRpc: boolean; deadline_ms: number },
): Promise<void> {
  if (jsonRpc) {
    const request = { mechanism: "API_KEY_PLAIN", username, api_key: apiKey, login_options: { user_info: false } };
    const answer = loginAnswer.safeParse(await session.call("auth.login_ex", [request], { deadline_ms }));
    if (!answer.success) throw wrongAnswer("a login with something else than asked", answer.error);
    const { response_type } = answer.data;
    if (response_type !== "SUCCESS") throw refused(response_type);
  } else if ((await session.call("auth.login_with_api_key", [apiKey], { deadline_ms })) !== true)
    throw refused("AUTH_ERR");
  session.loggedIn();
}

const loginAnswer = z.object({ response_type: z.string() });

function refused(response: string): StewardError {
  const [message, fix] = answers[response] ?? unknown;
  return new StewardError("refused", message, fix);
}

const newKey = "Make a new key in TrueNAS (Credentials, Users, API Keys) and put it into truenas.api_key.";
const unknown = ["TrueNAS asks for a way to log in that Home Steward does not know.", newKey] as const;
const answers: Readonly<Record<string, readonly [message: string, fix: string]>> = {
  AUTH_ERR: [
    "TrueNAS does not accept the API key.",
    "Check truenas.username and truenas.api_key, and that the key was not deleted in TrueNAS.",
  ],
  EXPIRED: ["The API key has expired, or TrueNAS revoked it (it does so once a key came over plain HTTP).", newKey],
  OTP_REQUIRED: [
    "TrueNAS asks for a one-time password, which a program can't give.",
    "Use the key of a user without two-factor login, made for Home Steward.",
  ],
  REDIRECT: [
    "TrueNAS wants the login to happen on another machine of its cluster.",
    "Set truenas.url to the active controller.",
  ],
  DENIED: [
    "The user of the API key may not use TrueNAS's API.",
    "Give it a privilege in TrueNAS, at least the role READONLY_ADMIN.",
  ],
  SCRAM_RESPONSE: unknown,
};
