import { type LogLine, ReliqError } from "@reliq/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { writeBinaryJson } from "../recovery/archive-format.ts";
import { refusalOf } from "./refusal.ts";

/** The largest body that is read, bytes: a message of 1 MiB in JSON fits; a function takes 6 MB in all. */
const LARGEST_BODY_BYTES = 5_000_000;

/** A function behind an HTTP API, payload format 2.0. */
export type ApiHandler = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

/** Makes a function behind an HTTP API of what serves a request. Refusals are JSON: `{ code, message, field? }`; what failed for no fault of the caller's is logged. */
export function apiHandler(
  serve: (event: APIGatewayProxyEventV2) => Promise<unknown>,
  log: (line: LogLine) => void,
): ApiHandler {
  return async (event) => {
    try {
      return respond(200, await serve(event));
    } catch (error) {
      const { requestId } = event.requestContext;
      const { status, refusal } = refusalOf(error, requestId);
      if (status >= 500) {
        log({ level: "error", event: "api-failed", requestId, path: event.rawPath, error: String(error) });
      }
      return respond(status, refusal);
    }
  };
}

/** The path of a request without the stage, where that is not the default one. */
export function pathOf({ rawPath, requestContext: { stage } }: APIGatewayProxyEventV2): string {
  return stage !== "$default" && rawPath.startsWith(`/${stage}/`) ? rawPath.slice(stage.length + 1) : rawPath;
}

/** The body of a request as JSON; `{}` where it has none. @throws ReliqError `body-too-large` or `input` */
export function readBody({ body = "", isBase64Encoded }: APIGatewayProxyEventV2): unknown {
  const bytes = Buffer.from(body, isBase64Encoded ? "base64" : "utf8");
  if (bytes.byteLength > LARGEST_BODY_BYTES) {
    throw new ReliqError(
      "body-too-large",
      `The body has ${bytes.byteLength} bytes; at most ${LARGEST_BODY_BYTES} are read.`,
    );
  }
  try {
    return JSON.parse(bytes.toString("utf8") || "{}");
  } catch {
    throw new ReliqError("input", "The body is not JSON.", { cause: { field: "body" } });
  }
}

/** Answers in JSON: what messages hold is text to a browser, never a page. */
function respond(statusCode: number, value: unknown): APIGatewayProxyStructuredResultV2 {
  const headers = {
    "content-type": "application/json",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  };
  return { statusCode, headers, body: writeBinaryJson(value) };
}
