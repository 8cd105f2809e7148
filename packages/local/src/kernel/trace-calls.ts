import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { RestAnswer } from "./protocol/rest.ts";
import type { World } from "./service.ts";

/** Begins to watch a request; what it gives is called with the answer. */
export type CallTracer = (
  traceHeader: string | undefined,
  request: IncomingMessage,
  body: Buffer,
) => (answer: RestAnswer) => void;

const UNTRACED = (): void => {};

/** Actions by which the SDKs of functions send segments themselves. */
const OWN = "xray";

/** Writes down each call of a function's SDK within a sampled trace: the SDKs pass the function's header on (AWS SDK, recursion detection). */
export function callTracer({ traces, clock }: Pick<World, "clock" | "traces">): CallTracer {
  return (text, { headers, method = "GET", url = "/" }, body) => {
    const header = traces.sampled(text);
    if (!header) return UNTRACED;
    const startMs = clock.now();
    const target = headers["x-amz-target"];
    const [service = "", operation = queryAction(headers, body)] =
      typeof target === "string" ? target.split(".") : [signedFor(headers.authorization)];
    if (service === OWN || service === "") return UNTRACED;
    return ({ status }) => {
      traces.record({
        traceId: header.root,
        parentId: header.parent,
        name: SERVICE_NAMES[service] ?? service,
        origin: "AWS::Service",
        startMs,
        endMs: clock.now(),
        aws: { operation: operation ?? `${method} /${url.split(/[/?]/, 2)[1]}` },
        http: { response: { status } },
        ...(status === 429 ? { throttle: true, error: true } : status >= 400 && status < 500 && { error: true }),
        ...(status >= 500 && { fault: { type: String(status), message: `${service} answered ${status}` } }),
      });
    };
  };
}

/** As X-Ray shows the services, by the prefix of their targets. */
const SERVICE_NAMES: Readonly<Record<string, string>> = {
  AmazonSQS: "SQS",
  DynamoDB_20120810: "DynamoDB",
  AWSEvents: "EventBridge",
  AmazonSSM: "SSM",
  sns: "SNS",
  s3: "S3",
  lambda: "Lambda",
  monitoring: "CloudWatch",
  logs: "CloudWatch Logs",
};

/** The action of a request on the Query protocol. */
function queryAction(headers: IncomingHttpHeaders, body: Buffer): string | undefined {
  if (!headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) return undefined;
  return /(?:^|&)Action=(\w+)/.exec(body.toString("latin1"))?.[1];
}

/** SDKs sign what they send. */
function signedFor(authorization: string | undefined): string {
  return /Credential=[^/]*\/[^/]*\/[^/]*\/([^/]+)\/aws4_request/.exec(authorization ?? "")?.[1] ?? "";
}
