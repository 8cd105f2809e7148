import { ReliqError } from "@reliq/core";
import { planRedrive, type RecoverPorts, type RunFilter, type RunOptions, startRedrive } from "@reliq/core/recovery";
import { answer, type HttpAnswer, type HttpRequest, readText, refuse } from "./http.ts";
import { type ReadRedrive, type RedriveRequest, readRedrive, readRedriveQuery } from "./redrive-request.ts";

/** Answers `GET /redrive/preview`, which changes nothing, and `POST /redrive/start`. @throws what the ports throw */
export async function answerRedrive(request: HttpRequest, queue: string, ports: RecoverPorts): Promise<HttpAnswer> {
  const isPreview = request.routeKey === "GET /redrive/preview";
  const read = isPreview ? readRedriveQuery(request.queryStringParameters ?? {}) : readStart(request);
  if (read.kind === "invalid") {
    const message = read.fields.map(({ field, reason }) => `\`${field}\` ${reason}`).join("; ");
    return refuse(400, { error: "invalid", message, fields: read.fields });
  }
  if (isPreview) return preview(read.request, queue, ports);
  return start(read.request, queue, request.requestContext.authorizer?.iam?.userArn ?? "unknown", ports);
}

function readStart(request: HttpRequest): ReadRedrive {
  const text = readText(request) ?? "";
  try {
    return readRedrive(text.trim() === "" ? {} : JSON.parse(text));
  } catch (error) {
    return { kind: "invalid", fields: [{ field: "body", reason: `is no JSON: ${(error as Error).message}` }] };
  }
}

async function preview(asked: RedriveRequest, queue: string, ports: RecoverPorts): Promise<HttpAnswer> {
  const { messages, counts, more } = await planRedrive(...planOf(asked, queue), ports);
  return answer(200, {
    ...asked,
    queue,
    found: messages.length,
    toRedrive: counts.safe,
    more,
    messages: messages.map(({ failure, verdict, because }) => ({ failure, verdict, because })),
  });
}

async function start(asked: RedriveRequest, queue: string, by: string, ports: RecoverPorts): Promise<HttpAnswer> {
  try {
    const { id, state } = await startRedrive(...planOf(asked, queue), by, ports);
    return answer(202, { ...asked, queue, runId: id, state });
  } catch (error) {
    if (!(error instanceof ReliqError) || error.code !== "run-exists") throw error;
    return refuse(409, { error: "run-exists", message: error.message });
  }
}

function planOf(asked: RedriveRequest, queue: string): [RunFilter, Partial<RunOptions>] {
  const { maxMessages, errorType, minAgeSeconds, perMessageDelayJitter } = asked;
  return [
    { queue, ...(errorType !== undefined && { errorName: errorType }) },
    { maxMessages, minAgeSeconds, jitterSeconds: perMessageDelayJitter },
  ];
}
