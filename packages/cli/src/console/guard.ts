import type { IncomingMessage } from "node:http";
import { CONSOLE_HEADER } from "@reliq/console";

/** The stream of live facts: a browser that follows one sends no header of its own. */
export const LIVE = "/api/live";

/** Why a request is not answered. */
export interface GuardRefusal {
  readonly status: number;
  readonly says: { readonly code: string; readonly message: string };
}

/**
 * Says why a request may not be answered: it comes from another machine, asks for another host (a name that was pointed at this machine), or
 * is of another site's page. What the console alone may ask carries its header; a page elsewhere cannot set one unasked.
 */
export function refuse(request: IncomingMessage, path: string, port: number): GuardRefusal | undefined {
  const { host = "", origin } = request.headers;
  const site = request.headers["sec-fetch-site"];
  if (!isLoopback(request.socket.remoteAddress)) return refused("Only this machine may use the console.");
  if (!["127.0.0.1", "localhost", "[::1]"].some((name) => host === `${name}:${port}`)) {
    return refused(`The console does not answer to the host ${JSON.stringify(host.slice(0, 100))}.`);
  }
  if (origin !== undefined && origin !== `http://${host}`)
    return refused(`Pages of ${origin} may not use the console.`);
  if (!path.startsWith("/api/")) return undefined;
  if (site !== undefined && site !== "same-origin") return refused("Pages of other sites may not use the console.");
  if (path !== LIVE && request.headers[CONSOLE_HEADER] !== "1") {
    return refused(`A request to the console's API carries the header ${CONSOLE_HEADER}: 1.`);
  }
  return undefined;
}

function refused(message: string): GuardRefusal {
  return { status: 403, says: { code: "forbidden", message } };
}

function isLoopback(address: string | undefined): boolean {
  return address === "::1" || /^(::ffff:)?127\./.test(address ?? "");
}
