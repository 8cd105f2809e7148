import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Role } from "@reliq/core/recovery";
import { CommandError } from "../command-error.ts";
import { LIVE, refuse } from "./guard.ts";
import { createLive } from "./live.ts";
import { proxyRecovery } from "./proxy-recovery.ts";
import { readBody } from "./read-body.ts";
import { regionFacts } from "./region-facts.ts";
import { type Answer, sendAnswer, sendJson } from "./send-answer.ts";
import { staticFiles } from "./static-files.ts";

/** How to serve the console of a region. */
export interface ConsoleOptions {
  /** The region's. */
  readonly endpoint: string;
  /** The port on 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** What whoever looks at it may do. */
  readonly role: Role;
  /** Where its built files are. */
  readonly files: string;
}

/** A console that is served. */
export interface RunningConsole {
  /** `http://127.0.0.1:4400` */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the console: its files, recovery's API of each system, facts of the region, and what happens, live. @throws CommandError where the port is taken */
export async function serveConsole({ endpoint, port, role, files }: ConsoleOptions): Promise<RunningConsole> {
  const pages = staticFiles(files);
  const facts = regionFacts(endpoint, role);
  const recovery = proxyRecovery(endpoint, role);
  const live = createLive(endpoint);
  const answer = async (request: IncomingMessage, path: string, search: string): Promise<Answer> => {
    if (!path.startsWith("/api/")) return pages(request.method ?? "GET", path);
    const body = await readBody(request);
    if (path.startsWith("/api/systems/")) return recovery(request.method ?? "GET", path, search, body);
    return facts(request.method ?? "GET", path, new URLSearchParams(search), body);
  };
  const server = createServer((request, response) => {
    void serve(request, response).catch((error: unknown) => {
      const message = error instanceof CommandError ? error.message : `The console failed: ${String(error)}`;
      sendJson(response, 502, { code: "region-unavailable", message });
    });
  });
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, search } = new URL(request.url ?? "/", "http://console");
    const refusal = refuse(request, pathname, portOf(server));
    if (refusal) return sendJson(response, refusal.status, refusal.says);
    if (pathname === LIVE) return live.follow(response);
    sendAnswer(response, await answer(request, pathname, search.slice(1)));
  };
  await listening(server, port);
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    close: async () => {
      live.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why = error.code === "EADDRINUSE" ? "is taken" : `cannot be used (${error.message})`;
      reject(
        new CommandError(`The console's port ${port} ${why}. Choose another with --console-port N, or 0 for any.`, {
          cause: error,
        }),
      );
    });
    server.listen(port, "127.0.0.1", resolve);
  });
}
