import { ReliqError } from "@reliq/core";
import { findOperation, OPERATIONS, type OperationName, readInput, SEES_PERSONAL } from "@reliq/core/recovery";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { writeBinaryJson } from "../recovery/archive-format.ts";
import { countedStore } from "../recovery/counted-store.ts";
import type { RecoveryOptions } from "../recovery/recovery-handler.ts";
import { ANSWERS, type Answerer } from "./answers.ts";
import { type ApiAccess, accessFromEnvironment, callerOf, mayAct } from "./api-access.ts";
import { refusalOf } from "./refusal.ts";

/** The largest body that is read, bytes: a message of 1 MiB in JSON fits; a function takes 6 MB in all. */
const LARGEST_BODY_BYTES = 5_000_000;

/** A function behind an HTTP API, payload format 2.0. */
export type ApiHandler = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

/**
 * Makes the function of recovery's HTTP API. Who calls is said by the API's authorizer alone, and is what the audit names. Refusals are
 * JSON: `{ code, message, field? }`.
 */
export function recoveryApiHandler(given: RecoveryOptions, access: ApiAccess = accessFromEnvironment()): ApiHandler {
  const { measures = () => undefined, ports } = given;
  const options = { ...given, ports: { ...ports, store: countedStore(ports.store, measures) } };
  return async (event) => {
    try {
      return respond(200, await serve(event, options, access));
    } catch (error) {
      const { requestId } = event.requestContext;
      const { status, refusal } = refusalOf(error, requestId);
      if (status >= 500) {
        options.ports.log({
          level: "error",
          event: "api-failed",
          requestId,
          path: event.rawPath,
          error: String(error),
        });
      }
      return respond(status, refusal);
    }
  };
}

async function serve(event: APIGatewayProxyEventV2, options: RecoveryOptions, access: ApiAccess): Promise<unknown> {
  const { by, role } = callerOf(event, access);
  const { method } = event.requestContext.http;
  const path = pathOf(event);
  const found = findOperation(method, path);
  if (found.kind === "none") throw new ReliqError("path-unknown", `There is no ${path} in this API.`);
  if (found.kind === "method") {
    throw new ReliqError("method-unknown", `${path} takes ${found.allowed.join(" or ")}, not ${method}.`);
  }
  const { name, params } = found;
  const needed = OPERATIONS[name].role;
  if (!mayAct(role, needed)) {
    throw new ReliqError("forbidden", `${name} is for the role ${needed}, and ${by} has the role ${role}.`);
  }
  const input = readInput(name, method === "GET" ? (event.queryStringParameters ?? {}) : readBody(event), params);
  return answer(name, input, { options, by, role, masked: !mayAct(role, SEES_PERSONAL) });
}

function answer<Name extends OperationName>(
  name: Name,
  input: Parameters<Answerer<Name>>[0],
  call: Parameters<Answerer<Name>>[1],
): Promise<unknown> {
  const answerer = ANSWERS[name] as Answerer<Name>;
  return answerer(input, call);
}

/** Without the stage, where that is not the default one. */
function pathOf({ rawPath, requestContext: { stage } }: APIGatewayProxyEventV2): string {
  return stage !== "$default" && rawPath.startsWith(`/${stage}/`) ? rawPath.slice(stage.length + 1) : rawPath;
}

function readBody({ body = "", isBase64Encoded }: APIGatewayProxyEventV2): unknown {
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

/** What messages hold is text to a browser, never a page. */
function respond(statusCode: number, value: unknown): APIGatewayProxyStructuredResultV2 {
  const headers = {
    "content-type": "application/json",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  };
  return { statusCode, headers, body: writeBinaryJson(value) };
}
