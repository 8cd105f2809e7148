import { randomUUID } from "node:crypto";
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { type Activity, createActivity } from "./activity.ts";
import { jsonError, parseJson } from "./protocol/aws-json.ts";
import { parseQuery, queryAnswer, queryError } from "./protocol/query.ts";
import { matchPath, type PathRequest, type RestAnswer } from "./protocol/rest.ts";
import { xmlError } from "./protocol/rest-xml.ts";
import type { RequestContext, Service } from "./service.ts";
import { ServiceError, unknownAction } from "./service-error.ts";
import type { CallTracer } from "./trace-calls.ts";

/** The largest request body that is read, bytes. */
const LARGEST_BODY_BYTES = 64 * 1024 * 1024;

export interface Endpoint {
  readonly port: number;
  /** The requests under way, in words: those that only wait, such as long polls, are left out. */
  underWay(): readonly string[];
  /** Stops taking requests, ends long polls, and resolves when the last answer is sent. */
  close(): Promise<void>;
}

interface Call {
  readonly request: IncomingMessage;
  readonly path: string;
  readonly search: string;
  readonly body: Buffer;
  readonly context: RequestContext;
}

/** Serves every service on one address, whichever of the AWS protocols a client speaks. */
export async function listen(
  services: readonly Service[],
  port: number,
  host: string,
  trace: CallTracer,
): Promise<Endpoint> {
  const underWay = new Set<AbortController>();
  const activity = createActivity();
  const server = createServer({ keepAliveTimeout: 65_000, requestTimeout: 0 }, (request, response) => {
    const hangUp = new AbortController();
    underWay.add(hangUp);
    response.once("close", () => {
      underWay.delete(hangUp);
      // An abort costs more than a small request does, and after the whole answer nobody listens.
      if (!response.writableFinished) hangUp.abort();
    });
    void serve(services, request, response, hangUp.signal, activity, trace);
  });
  await listening(server, port, host);
  return {
    port: (server.address() as AddressInfo).port,
    underWay: activity.underWay,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const hangUp of underWay) hangUp.abort();
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), 1_000).unref();
      }),
  };
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const taken = error.code === "EADDRINUSE";
      const message = taken
        ? `Port ${port} is taken: another region may be running (\`reliq local status\`). Stop it, or choose another with --port N.`
        : `Cannot listen on ${host}:${port}: ${error.message}. Choose another with --port N.`;
      reject(Object.assign(new Error(message, { cause: error }), { code: taken ? "port-taken" : "port-refused" }));
    });
    server.listen(port, host, resolve);
  });
}

async function serve(
  services: readonly Service[],
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
  activity: Activity,
  trace: CallTracer,
): Promise<void> {
  const requestId = randomUUID();
  let end = activity.begin("a request");
  const waitFor: RequestContext["waitFor"] = (work) => {
    end();
    return work.finally(() => {
      end = activity.begin("a request");
    });
  };
  const [path = "/", search = ""] = splitOnce(request.url ?? "/", "?");
  try {
    const body = await readBody(request);
    const traceHeader = request.headers["x-amzn-trace-id"];
    const context = { requestId, signal, waitFor, ...(typeof traceHeader === "string" && { traceHeader }) };
    const own = services.find(({ paths }) => paths && path.startsWith(paths.prefix))?.paths;
    if (own) return send(response, requestId, await own.handle(pathRequest(request, path, search, body), context));
    const call = { request, path, search, body: body ?? Buffer.alloc(0), context };
    const traced = trace(call.context.traceHeader, request, call.body);
    const answer = body ? await dispatch(services, call) : refuseBody(services, call);
    traced(answer);
    send(response, requestId, answer);
  } catch (error) {
    send(response, requestId, { status: 500, body: `The local region failed: ${String(error)}` });
  } finally {
    end();
  }
}

function pathRequest(request: IncomingMessage, path: string, search: string, body: Buffer | undefined): PathRequest {
  const { method = "GET", rawHeaders, socket } = request;
  return { method, path, search, rawHeaders, remoteAddress: socket.remoteAddress ?? "127.0.0.1", body };
}

async function dispatch(services: readonly Service[], call: Call): Promise<RestAnswer> {
  const target = call.request.headers["x-amz-target"];
  if (typeof target === "string") return serveJson(services, target, unpacked(call));
  const signed = signingName(call);
  const { method, headers } = call.request;
  const form = method === "POST" && headers["content-type"]?.startsWith("application/x-www-form-urlencoded");
  const restOnly = services.some((each) => each.name === signed && each.rest && !each.query);
  if (!restOnly && (form || /(^|&)Action=/.test(call.search))) return serveQuery(services, signed, unpacked(call));
  return serveRest(services, signed, call);
}

/** A call whose body is not compressed; the SDKs compress large bodies of some actions (PutMetricData). */
function unpacked(call: Call): Call {
  if (call.request.headers["content-encoding"] !== "gzip") return call;
  try {
    return { ...call, body: gunzipSync(call.body, { maxOutputLength: LARGEST_BODY_BYTES }) };
  } catch {
    // Left as it is, its reader refuses it.
    return call;
  }
}

function refuseBody(services: readonly Service[], call: Call): RestAnswer {
  const service = services.find((each) => each.name === signingName(call));
  const message = `Your proposed upload exceeds the maximum allowed size: the local region reads ${LARGEST_BODY_BYTES} bytes a request.`;
  const refusal = new ServiceError("EntityTooLarge", message, { members: { MaxSizeAllowed: LARGEST_BODY_BYTES } });
  return restError(service, refusal, call);
}

async function serveJson(services: readonly Service[], target: string, call: Call): Promise<RestAnswer> {
  const [prefix, name = ""] = splitOnce(target, ".");
  const service = services.find((each) => each.json?.targetPrefix === prefix);
  const headers = { "content-type": `application/x-amz-json-${service?.json?.version ?? "1.0"}` };
  try {
    const action = service?.actions[name];
    if (!service || !action) throw unknownAction(service?.name ?? prefix ?? "", name);
    const output = await action(parseJson(call.body), call.context);
    return { status: 200, headers, body: JSON.stringify(output) };
  } catch (error) {
    const refusal = asServiceError(error);
    const fault = refusal.status >= 500 ? "Receiver" : "Sender";
    return {
      status: refusal.status,
      headers: {
        ...headers,
        "x-amzn-errortype": refusal.code,
        ...(service?.query && { "x-amzn-query-error": `${refusal.queryCode};${fault}` }),
      },
      body: jsonError(service, refusal),
    };
  }
}

async function serveQuery(services: readonly Service[], signed: string | undefined, call: Call): Promise<RestAnswer> {
  const form = new URLSearchParams(call.request.method === "GET" ? call.search : call.body.toString("utf8"));
  const name = form.get("Action") ?? "";
  const queryServices = services.filter((each) => each.query !== undefined);
  const service =
    queryServices.find((each) => each.name === signed) ?? queryServices.find((each) => name in each.actions);
  const namespace = service?.query?.namespace ?? "";
  const headers = { "content-type": "text/xml" };
  try {
    const action = service?.actions[name];
    if (!service || !action) throw unknownAction(service?.name ?? signed ?? "(unsigned)", name);
    const shapes = service.query?.shapes[name] ?? {};
    if (!form.has("QueueUrl") && call.path !== "/" && service.name === "sqs") form.set("QueueUrl", call.path);
    const output = await action(parseQuery(form, shapes.input), { ...call.context, ...signer(call) });
    return {
      status: 200,
      headers,
      body: queryAnswer(namespace, name, output, shapes.output ?? {}, call.context.requestId),
    };
  } catch (error) {
    const refusal = asServiceError(error);
    return { status: refusal.status, headers, body: queryError(namespace, refusal, call.context.requestId) };
  }
}

async function serveRest(services: readonly Service[], signed: string | undefined, call: Call): Promise<RestAnswer> {
  const candidates = services
    .filter((each) => each.rest && (signed === undefined || each.name === signed))
    .sort((a, b) => Number(a.rest?.takesEveryPath ?? false) - Number(b.rest?.takesEveryPath ?? false));
  const method = call.request.method ?? "GET";
  for (const service of candidates) {
    for (const route of service.rest?.routes ?? []) {
      try {
        const parameters = route.method === method ? matchPath(route.path, call.path) : undefined;
        if (!parameters) continue;
        const { search, body, context } = call;
        const { headers } = call.request;
        const query = new URLSearchParams(search);
        return await route.handle({ method, parameters, query, headers, body }, context);
      } catch (error) {
        return restError(service, asServiceError(error), call);
      }
    }
  }
  const refusal = unknownAction(signed ?? "(unsigned)", `${method} ${call.path}`);
  return restError(candidates.length === 1 ? candidates[0] : undefined, refusal, call);
}

function restError(service: Service | undefined, error: ServiceError, { path, context }: Call): RestAnswer {
  if (service?.rest?.errors === "xml") {
    return {
      status: error.status,
      headers: { "content-type": "application/xml" },
      body: xmlError(error, path, context.requestId),
    };
  }
  return {
    status: error.status,
    headers: { "content-type": "application/json", "x-amzn-errortype": error.code },
    body: JSON.stringify({ Type: error.status >= 500 ? "Server" : "User", message: error.message, ...error.members }),
  };
}

function asServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  return new ServiceError("InternalFailure", `The local region failed: ${String(error)}`, {
    status: 500,
    cause: error,
  });
}

function send(response: ServerResponse, requestId: string, answer: RestAnswer): void {
  if (response.destroyed) return;
  const body = answer.body ?? "";
  const headers: OutgoingHttpHeaders = {
    "x-amzn-requestid": requestId,
    "content-length": typeof body === "string" ? Buffer.byteLength(body) : body.byteLength,
    ...(answer.headers as OutgoingHttpHeaders | undefined),
  };
  response.writeHead(answer.status, headers);
  response.end(body);
}

/** The body, or undefined where it is too large; then the rest of it is read all the same, so that the sender gets the answer. */
function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= LARGEST_BODY_BYTES) chunks.push(chunk);
      else chunks = [];
    });
    request.once("end", () => {
      if (bytes > LARGEST_BODY_BYTES) resolve(undefined);
      else resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
    });
    request.once("error", reject);
  });
}

/** The service in `Credential=AKID/20260101/us-east-1/sqs/aws4_request`, of the header or of a presigned URL. */
function signingName(call: Call): string | undefined {
  return credentialOf(call)?.[2];
}

/** Who signed, for the services that tell it. */
function signer(call: Call): Pick<RequestContext, "accessKeyId"> {
  const accessKeyId = credentialOf(call)?.[1];
  return accessKeyId === undefined ? {} : { accessKeyId };
}

function credentialOf({ request, search }: Call): RegExpExecArray | null {
  const scope = request.headers.authorization ?? search.replaceAll(/%2F/gi, "/");
  return /Credential=([^/&]*)\/[^/]*\/[^/]*\/([^/]+)\/aws4_request/.exec(scope);
}

function splitOnce(text: string, separator: string): string[] {
  const index = text.indexOf(separator);
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + separator.length)];
}
