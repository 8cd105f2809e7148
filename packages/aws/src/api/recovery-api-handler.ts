import { ReliqError } from "@reliq/core";
import { findOperation, OPERATIONS, type OperationName, readInput, SEES_PERSONAL } from "@reliq/core/recovery";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { countedStore } from "../recovery/counted-store.ts";
import type { RecoveryOptions } from "../recovery/recovery-handler.ts";
import { ANSWERS, type Answerer } from "./answers.ts";
import { type ApiAccess, accessFromEnvironment, callerOf, mayAct } from "./api-access.ts";
import { type ApiHandler, apiHandler, pathOf, readBody } from "./http.ts";

/**
 * Makes the function of recovery's HTTP API. Who calls is said by the API's authorizer alone, and is what the audit names. Refusals are
 * JSON: `{ code, message, field? }`.
 */
export function recoveryApiHandler(given: RecoveryOptions, access: ApiAccess = accessFromEnvironment()): ApiHandler {
  const { measures = () => undefined, ports } = given;
  const options = { ...given, ports: { ...ports, store: countedStore(ports.store, measures) } };
  return apiHandler((event) => serve(event, options, access), options.ports.log);
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
