import { request } from "node:http";
import { connect, type TLSSocket } from "node:tls";
import { StewardError } from "../../shared/errors.ts";
import { certificatePin, nameFor, samePin } from "../pins.ts";
import { explain, late, starting } from "./failures.ts";
import type { TrueNasConnection } from "./port.ts";

export interface Target {
  host: string;
  port: number;
  fingerprint: string | undefined;
}

/** Where the connection goes. Errors: refused (plain ws://). */
export function targetOf({ url, fingerprint }: TrueNasConnection): Target {
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== "wss:")
    throw new StewardError(
      "refused",
      "An API key must not go over plain ws://: TrueNAS would revoke it, and everybody in the network could read it.",
      "Use wss:// in truenas.url, with truenas.fingerprint if its certificate is self-signed.",
    );
  return { host: hostname.replace(/^\[|\]$/g, ""), port: Number(port) || 443, fingerprint };
}

/**
 * One TLS connection to a TrueNAS whose certificate has been checked: the pinned one, or one an authority vouches for.
 * Nothing was sent over it yet. Errors: unreachable, timeout, refused (the certificate), wrong_answer (no TLS).
 */
export function dial({ host, port, fingerprint }: Target, deadline_ms: number): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    // With a pin, the pin is the check: it is made below, before the socket is handed on.
    const rejectUnauthorized = fingerprint === undefined;
    const socket = connect({ host, port, servername: nameFor(host), ALPNProtocols: ["http/1.1"], rejectUnauthorized });
    const fail = (error: unknown) => {
      clearTimeout(timer);
      socket.destroy();
      reject(explain(error, host));
    };
    const timer = setTimeout(() => fail(late("take a connection", deadline_ms)), deadline_ms);
    socket.once("error", fail);
    socket.once("secureConnect", () => {
      const shown = certificatePin(socket.getPeerCertificate());
      if (fingerprint !== undefined && !samePin(fingerprint, shown)) return fail(otherCertificate(shown));
      clearTimeout(timer);
      // Until somebody else listens, an error must not end the process.
      socket.on("error", () => {});
      socket.off("error", fail);
      resolve(socket);
    });
  });
}

const otherCertificate = (shown: string) =>
  new StewardError(
    "refused",
    `TrueNAS shows the certificate ${shown}, but another one is pinned.`,
    "Either its certificate was renewed, or another machine answers in its place. Compare before changing truenas.fingerprint.",
  );

const maxListBytes = 64 * 1024;

/**
 * Whether a TrueNAS speaks JSON-RPC (25.04 and later): its list of API versions tells; older ones answer with their web
 * pages. Errors as in {@link dial}, and unreachable while only its web server runs.
 */
export async function speaksJsonRpc(target: Target, deadline_ms: number): Promise<boolean> {
  const socket = await dial(target, deadline_ms);
  try {
    const { status, body } = await get(socket, target.host, deadline_ms);
    if (status === 502 || status === 503 || status === 504) throw starting(new Error(`HTTP ${status}`));
    return status === 200 && isList(body);
  } catch (error) {
    throw explain(error, target.host);
  } finally {
    socket.destroy();
  }
}

function get(socket: TLSSocket, host: string, deadline_ms: number): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late("list its API versions", deadline_ms)), deadline_ms);
    const asked = request({ path: "/api/versions", headers: { host }, createConnection: () => socket }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        if (body.length < maxListBytes) body += chunk;
      });
      response.once("error", reject);
      response.once("end", () => resolve({ status: response.statusCode ?? 0, body }));
    });
    asked.once("close", () => clearTimeout(timer));
    asked.once("error", reject);
    asked.end();
  });
}

function isList(body: string): boolean {
  try {
    return Array.isArray(JSON.parse(body));
  } catch {
    return false;
  }
}
