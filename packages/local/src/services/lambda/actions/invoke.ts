import { randomUUID } from "node:crypto";
import type { Action, Members } from "../../../kernel/service.ts";
import { ServiceError } from "../../../kernel/service-error.ts";
import { requestedName } from "../functions/function-name.ts";
import { existingFunction } from "../functions/function-table.ts";
import { oneOf, optionalText } from "../input.ts";
import type { TracedReport } from "../invocations/invoker.ts";
import type { Lambda } from "../lambda.ts";

/** The largest event, bytes: of a synchronous and of an asynchronous invocation (Lambda quotas). */
const LARGEST_EVENT_BYTES = 6_291_556;
const LARGEST_QUEUED_EVENT_BYTES = 1_048_576;

/** Invoke; `Payload` is JSON text, in both directions. */
export function invoke({ world, invoker, events }: Lambda): Action {
  return async (input, { traceHeader }) => {
    const functionName = requestedName(input);
    const type = oneOf(optionalText(input, "InvocationType") ?? "RequestResponse", "InvocationType", [
      "Event",
      "RequestResponse",
      "DryRun",
    ]);
    const event = readEvent(input, type === "Event" ? LARGEST_QUEUED_EVENT_BYTES : LARGEST_EVENT_BYTES);
    existingFunction(world, functionName);
    if (type === "DryRun") return { StatusCode: 204 };
    const requestId = randomUUID();
    const traceId = optionalText(input, "TraceId") ?? traceHeader;
    if (type === "Event") {
      await events.accept(requestId, functionName, event, traceId);
      return { StatusCode: 202 };
    }
    const clientContext = readClientContext(input);
    return answerOf(await invoker.invoke({ functionName, requestId, event, traceId, clientContext }), input);
  };
}

function readEvent(input: Members, largestBytes: number): string {
  const event = optionalText(input, "Payload") || "{}";
  if (Buffer.byteLength(event) > largestBytes) {
    throw new ServiceError(
      "RequestTooLargeException",
      `Request must be smaller than ${largestBytes} bytes for the InvokeFunction operation`,
      { status: 413 },
    );
  }
  try {
    JSON.parse(event);
  } catch (cause) {
    throw new ServiceError(
      "InvalidRequestContentException",
      `Could not parse request body into json: ${String(cause)}`,
      {
        cause,
      },
    );
  }
  return event;
}

function readClientContext(input: Members): string | undefined {
  const encoded = optionalText(input, "ClientContext");
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  try {
    JSON.parse(text);
  } catch (cause) {
    throw new ServiceError(
      "InvalidRequestContentException",
      "Client context must be a valid Base64-encoded JSON object.",
      {
        cause,
      },
    );
  }
  return text;
}

function answerOf({ outcome, logTail, traceHeader }: TracedReport, input: Members): Members {
  const failed = outcome.kind !== "success";
  return {
    StatusCode: 200,
    ExecutedVersion: "$LATEST",
    TraceId: traceHeader,
    Payload: failed ? JSON.stringify(outcome.error) : outcome.payload,
    ...(failed && { FunctionError: "Unhandled" }),
    ...(optionalText(input, "LogType") === "Tail" && { LogResult: Buffer.from(logTail).toString("base64") }),
  };
}
