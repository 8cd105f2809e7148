import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";

/** How many sockets to one host are open at most: as many as the SDK's own handler has. */
const MOST_SOCKETS = 50;

/** The key by which a client of the SDK says how long its service may say nothing at most. */
const IDLE_TIMEOUT: symbol = Symbol.for("@smithy/defaultSocketTimeout");

/** A request of the SDK, whose body is there as a whole. */
interface Asked {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number | undefined;
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, readonly string[] | string | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface Answered {
  readonly response: {
    readonly statusCode: number;
    readonly reason: string | undefined;
    readonly headers: Record<string, string>;
    readonly body: Uint8Array;
  };
}

/** The option `requestHandler` of a client of the AWS SDK. */
export type WholeAnswers = {
  readonly metadata: { readonly handlerProtocol: "http/1.1" };
  readonly handle: (request: Asked, options?: { readonly abortSignal?: unknown }) => Promise<Answered>;
  readonly destroy: () => void;
  readonly updateHttpClientConfig: (key: unknown, value: unknown) => void;
  readonly httpHandlerConfigs: () => object;
};

/**
 * Makes a request handler that reads each answer whole before it gives it, for services whose answers are small: the SDK's own hands out a stream, which it then gathers, and arms
 * four timers a request. Connections are kept, 50 a host at most; a service that says nothing for as long as its client allows is a TimeoutError.
 */
export function wholeAnswers(): WholeAnswers {
  const settings = { keepAlive: true, maxSockets: MOST_SOCKETS };
  const agents = { http: new HttpAgent(settings), https: new HttpsAgent(settings) };
  let idleMs = 0;
  return {
    metadata: { handlerProtocol: "http/1.1" },
    handle: (request, { abortSignal } = {}) => {
      const signal = abortSignal instanceof AbortSignal ? abortSignal : undefined;
      return ask(request, signal, (options, take) =>
        request.protocol === "https:"
          ? requestHttps({ ...options, agent: agents.https, timeout: idleMs }, take)
          : requestHttp({ ...options, agent: agents.http, timeout: idleMs }, take),
      );
    },
    destroy: () => {
      agents.http.destroy();
      agents.https.destroy();
    },
    updateHttpClientConfig: (key, value) => {
      if (key === IDLE_TIMEOUT) idleMs = Number(value);
    },
    httpHandlerConfigs: () => ({}),
  };
}

interface Options {
  readonly host: string;
  readonly port: number | undefined;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

type Send = (options: Options, take: (answer: IncomingMessage) => void) => ClientRequest;

function ask(request: Asked, signal: AbortSignal | undefined, send: Send): Promise<Answered> {
  const { hostname, port, method, headers, body } = request;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(aborted(signal));
    // The SDK writes an IPv6 address as URLs do.
    const host = hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
    const asking = send({ host, port, method, path: pathOf(request), headers }, (answer) =>
      gather(answer, resolve, reject),
    );
    asking.once("error", reject);
    asking.once("timeout", () => asking.destroy(timedOut()));
    if (signal) {
      const abort = (): void => void asking.destroy(aborted(signal));
      signal.addEventListener("abort", abort, { once: true });
      asking.once("close", () => signal.removeEventListener("abort", abort));
    }
    asking.end(typeof body === "string" || body instanceof Uint8Array ? body : undefined);
  });
}

function gather(
  answer: IncomingMessage,
  resolve: (answered: Answered) => void,
  reject: (error: unknown) => void,
): void {
  const parts: Buffer[] = [];
  answer.on("data", (part: Buffer) => parts.push(part));
  answer.once("error", reject);
  answer.once("end", () => {
    const headers: Record<string, string> = {};
    for (const [name, value = ""] of Object.entries(answer.headers)) headers[name] = String(value);
    const body = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
    resolve({ response: { statusCode: answer.statusCode ?? 0, reason: answer.statusMessage, headers, body } });
  });
}

function pathOf({ path, query = {} }: Asked): string {
  const parts = Object.entries(query).flatMap(([name, values]) =>
    [values].flat().map((value) => (value === null ? escaped(name) : `${escaped(name)}=${escaped(value)}`)),
  );
  return parts.length === 0 ? path : `${path}?${parts.join("&")}`;
}

/** As it is signed (RFC 3986). */
function escaped(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** As the SDK's own handler words it, by which its retries and callers know it. */
function aborted(signal: AbortSignal): Error {
  return Object.assign(new Error("Request aborted", { cause: signal.reason }), { name: "AbortError" });
}

function timedOut(): Error {
  return Object.assign(new Error("The service said nothing for too long."), {
    name: "TimeoutError",
    code: "ETIMEDOUT",
  });
}
