import type { LogLine } from "@reliq/core";
import { answer, type HttpAnswer, type HttpRequest, isJson, readText, refuse } from "./http.ts";
import { type IngestEnd, type IngestPorts, ingest } from "./ingest.ts";
import { validate } from "./validate.ts";

/** The most bytes of a request's body: 2 MiB. */
const MOST_BYTES = 2_097_152;

/** What the log says of how a request ended. */
const ENDS = {
  accepted: { level: "info", event: "ingest-accepted" },
  conflict: { level: "info", event: "ingest-conflict" },
  "too-large": { level: "info", event: "ingest-too-large" },
  unavailable: { level: "warn", event: "ingest-unavailable" },
} as const satisfies Record<IngestEnd["kind"], LogLine>;

/** What answering works with. */
export interface AnswerPorts extends IngestPorts {
  readonly log: (line: LogLine) => void;
}

/** Answers `GET /health` and `POST /events`; never throws. */
export async function answerIngest(request: HttpRequest, ports: AnswerPorts): Promise<HttpAnswer> {
  if (request.routeKey === "GET /health") return answer(200, { status: "ok" });
  const given = request.headers["x-correlation-id"];
  const correlationId = given !== undefined && /^[\w.:-]{1,128}$/.test(given) ? given : ports.newId();
  const headers = { "x-correlation-id": correlationId };
  try {
    const answered = await post(request, correlationId, ports);
    return { ...answered, headers: { ...headers, ...answered.headers } };
  } catch (error) {
    ports.log({ level: "error", event: "ingest-failed", correlationId, error: String(error) });
    const message = "The events may be accepted or not. A repeat of the request has no second effect.";
    return refuse(503, { error: "unavailable", message, accepted: [] }, { ...headers, "retry-after": "1" });
  }
}

async function post(request: HttpRequest, correlationId: string, ports: AnswerPorts): Promise<HttpAnswer> {
  if (!isJson(request)) {
    const type = request.headers["content-type"];
    const message = `The content type is ${type}; it takes application/json.`;
    return refuse(415, { error: "unsupported-media-type", message });
  }
  const text = readText(request);
  if (text === undefined) return invalid([{ field: "body", reason: "is no UTF-8" }]);
  if (Buffer.byteLength(text) > MOST_BYTES) {
    return tooLarge([
      { field: "body", reason: `has ${Buffer.byteLength(text)} bytes; one request takes ${MOST_BYTES}` },
    ]);
  }
  const validated = validate(text);
  if (validated.kind === "invalid") return invalid(validated.fields);
  const idempotencyKey = request.headers["idempotency-key"];
  if (idempotencyKey !== undefined && !/^[\x21-\x7e]{1,200}$/.test(idempotencyKey)) {
    return invalid([{ field: "Idempotency-Key", reason: "takes 1 to 200 visible ASCII characters" }]);
  }
  const { events, isList } = validated;
  const key = idempotencyKey === undefined ? {} : { idempotencyKey };
  const end = await ingest({ events, isList, correlationId, ...key }, ports);
  ports.log({ ...ENDS[end.kind], correlationId, events: events.length });
  return answerEnd(end, isList);
}

function answerEnd(end: IngestEnd, isList: boolean): HttpAnswer {
  switch (end.kind) {
    case "accepted":
      return answer(202, isList ? { events: end.accepted } : (end.accepted[0] ?? {}));
    case "conflict": {
      const { accepted, fields } = end;
      return refuse(422, { error: "conflict", message: "A key was used for something else before.", fields, accepted });
    }
    case "too-large":
      return tooLarge(end.fields);
    case "unavailable": {
      const { accepted, fields } = end;
      const message =
        "Not every event could be made durable. A repeat of the request sends the rest, and has no second effect.";
      return refuse(503, { error: "unavailable", message, fields, accepted }, { "retry-after": "1" });
    }
  }
}

function invalid(fields: Parameters<typeof tooLarge>[0]): HttpAnswer {
  return refuse(400, { error: "invalid", message: describe(fields), fields });
}

function tooLarge(fields: readonly { readonly field: string; readonly reason: string }[]): HttpAnswer {
  return refuse(413, { error: "too-large", message: describe(fields), fields });
}

function describe(fields: Parameters<typeof tooLarge>[0]): string {
  return fields.map(({ field, reason }) => `\`${field}\` ${reason}`).join("; ");
}
