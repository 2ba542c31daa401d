import { Agent } from "node:http";
import { Agent as SecureAgent } from "node:https";
import { connect } from "node:tls";
import { StewardError } from "../../shared/errors.ts";
import { certificatePin, nameFor, samePin } from "../pins.ts";

/** Where a Portainer is and who we are there. */
export interface PortainerConnection {
  url: string;
  apiKey: string;
  /** SHA-256 of its certificate, where no authority vouches for it. */
  fingerprint?: string;
}

/** How to reach a Portainer: address, the path in front of its API, and sockets that see its certificate first. */
export interface PortainerDoor {
  at: { host: string; port: number };
  secure: boolean;
  /** Without a slash at its end; "" where its address has no path. */
  path: string;
  agent: Agent | SecureAgent;
  /** Throws where the way would show the API key to others. Errors: refused. */
  mayBeUsed(): void;
}

export function portainerDoor({ url, fingerprint }: PortainerConnection, maxSockets: number): PortainerDoor {
  const { protocol, hostname, port, pathname } = new URL(url);
  const secure = protocol === "https:";
  const at = { host: hostname.replace(/^\[|\]$/g, ""), port: Number(port) || (secure ? 443 : 80) };
  const agent = !secure
    ? new Agent({ maxSockets })
    : fingerprint === undefined
      ? new SecureAgent({ maxSockets })
      : pinned(fingerprint, at, maxSockets);
  return {
    at,
    secure,
    path: pathname.replace(/\/$/, ""),
    agent,
    mayBeUsed() {
      if (secure || isLoopback(at.host)) return;
      throw new StewardError(
        "refused",
        "Portainer over plain http:// would show its API key to everybody in the network.",
        "Use its https:// address (port 9443 by default), with fingerprint if its certificate is self-signed.",
      );
    },
  };
}

/** Trusts one certificate and no authority. Nothing is sent, above all no key, before the certificate has been seen. */
function pinned(fingerprint: string, at: { host: string; port: number }, maxSockets: number): SecureAgent {
  const agent = new SecureAgent({ maxSockets });
  agent.createConnection = (_, callback) => {
    const socket = connect({ host: at.host, port: at.port, servername: nameFor(at.host), rejectUnauthorized: false });
    socket.once("error", (error) => callback?.(error, socket));
    socket.once("secureConnect", () => {
      const shown = certificatePin(socket.getPeerCertificate());
      if (samePin(fingerprint, shown)) return callback?.(null, socket);
      socket.destroy();
      const fix =
        "Either its certificate was renewed, or another machine answers in its place. Compare before changing portainer.fingerprint.";
      const message = `Portainer shows the certificate ${shown}, but another one is pinned.`;
      return callback?.(new StewardError("refused", message, fix), socket);
    });
    return undefined;
  };
  return agent;
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);
}
