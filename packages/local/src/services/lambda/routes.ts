import { parseJson } from "../../kernel/protocol/aws-json.ts";
import type { RestAnswer, RestRequest, RestRoute } from "../../kernel/protocol/rest.ts";
import type { Action, Members } from "../../kernel/service.ts";

const FUNCTION = "/2015-03-31/functions/{FunctionName}";
const MAPPINGS = "/2015-03-31/event-source-mappings";
const INVOKE_CONFIG = "/2019-09-25/functions/{FunctionName}/event-invoke-config";

/** Each action's method, path and status (Lambda API reference). */
const ROUTES: readonly (readonly [action: string, method: string, path: string, status: number])[] = [
  ["CreateFunction", "POST", "/2015-03-31/functions", 201],
  ["ListFunctions", "GET", "/2015-03-31/functions", 200],
  ["GetFunction", "GET", FUNCTION, 200],
  ["DeleteFunction", "DELETE", FUNCTION, 204],
  ["GetFunctionConfiguration", "GET", `${FUNCTION}/configuration`, 200],
  ["UpdateFunctionConfiguration", "PUT", `${FUNCTION}/configuration`, 200],
  ["UpdateFunctionCode", "PUT", `${FUNCTION}/code`, 200],
  ["PutFunctionConcurrency", "PUT", "/2017-10-31/functions/{FunctionName}/concurrency", 200],
  ["DeleteFunctionConcurrency", "DELETE", "/2017-10-31/functions/{FunctionName}/concurrency", 204],
  ["GetFunctionConcurrency", "GET", "/2019-09-30/functions/{FunctionName}/concurrency", 200],
  ["PutFunctionEventInvokeConfig", "PUT", INVOKE_CONFIG, 200],
  ["GetFunctionEventInvokeConfig", "GET", INVOKE_CONFIG, 200],
  ["DeleteFunctionEventInvokeConfig", "DELETE", INVOKE_CONFIG, 204],
  ["CreateEventSourceMapping", "POST", MAPPINGS, 202],
  ["ListEventSourceMappings", "GET", MAPPINGS, 200],
  ["GetEventSourceMapping", "GET", `${MAPPINGS}/{UUID}`, 200],
  ["UpdateEventSourceMapping", "PUT", `${MAPPINGS}/{UUID}`, 202],
  ["DeleteEventSourceMapping", "DELETE", `${MAPPINGS}/{UUID}`, 202],
  ["ReliqListInvocations", "GET", "/2015-03-31/reliq-invocations", 200],
];

/** The paths of the service; SDKs and older command lines differ in a slash at the end. */
export function lambdaRoutes(actions: Readonly<Record<string, Action>>): RestRoute[] {
  const routes = ROUTES.flatMap(([action, method, path, status]) =>
    [path, `${path}/`].map((each) => jsonRoute(actions, action, method, each, status)),
  );
  return [...routes, invokeRoute(actions)];
}

function jsonRoute(
  actions: Readonly<Record<string, Action>>,
  action: string,
  method: string,
  path: string,
  status: number,
): RestRoute {
  return {
    method,
    path,
    action,
    handle: async (request, context) => {
      const output = await actions[action]?.(readInput(request), context);
      const headers = { "content-type": "application/json" };
      return status === 204 ? { status } : { status, headers, body: JSON.stringify(output) };
    },
  };
}

function readInput({ body, query, parameters }: RestRequest): Members {
  const texts: Members = Object.fromEntries(query);
  return { ...parseJson(body), ...texts, ...parameters };
}

function invokeRoute(actions: Readonly<Record<string, Action>>): RestRoute {
  return {
    method: "POST",
    path: `${FUNCTION}/invocations`,
    action: "Invoke",
    handle: async ({ parameters, query, headers, body }, context) => {
      const output = await actions["Invoke"]?.(
        {
          FunctionName: parameters["FunctionName"],
          Qualifier: query.get("Qualifier"),
          InvocationType: headers["x-amz-invocation-type"],
          LogType: headers["x-amz-log-type"],
          ClientContext: headers["x-amz-client-context"],
          TraceId: headers["x-amzn-trace-id"],
          Payload: body.toString("utf8"),
        },
        context,
      );
      return invokeAnswer(output ?? {});
    },
  };
}

function invokeAnswer(output: Members): RestAnswer {
  const header = (name: string, value: unknown): Record<string, string> =>
    value === undefined ? {} : { [name]: String(value) };
  return {
    status: Number(output["StatusCode"]),
    headers: {
      ...header("x-amz-function-error", output["FunctionError"]),
      ...header("x-amz-log-result", output["LogResult"]),
      ...header("x-amz-executed-version", output["ExecutedVersion"]),
    },
    body: String(output["Payload"] ?? ""),
  };
}
