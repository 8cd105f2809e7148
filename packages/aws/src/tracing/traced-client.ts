import { SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { writeTraceHeader } from "./trace-header.ts";

/** A client of the AWS SDK. */
interface Client {
  readonly middlewareStack: { add(middleware: never, options: never): void };
}

interface CallContext {
  readonly clientName?: string;
  readonly commandName?: string;
}

interface Call {
  readonly request?: { readonly headers?: Record<string, string> };
}

interface Answer {
  readonly output?: { readonly $metadata?: { readonly requestId?: string } };
}

type Next = (call: Call) => Promise<Answer>;

const HEADER = "X-Amzn-Trace-Id";

/**
 * Gives a client of the AWS SDK a span for each call, all its retries included, and passes the trace on with it: what SQS, EventBridge, SNS and Lambda do next hangs
 * on that call. Returns the client. Where no trace is sampled, it does nothing.
 */
export function tracedClient<C extends Client>(client: C): C {
  const tracer = trace.getTracer("@reliq/aws");
  const middleware = (next: Next, { clientName = "", commandName = "" }: CallContext) => {
    const service = clientName.replace(/Client$/, "");
    const method = commandName.replace(/Command$/, "");
    const attributes = { "rpc.system": "aws-api", "rpc.service": service, "rpc.method": method };
    return (call: Call): Promise<Answer> =>
      tracer.startActiveSpan(`${service}.${method}`, { kind: SpanKind.CLIENT, attributes }, async (span) => {
        const headers = call.request?.headers;
        if (headers && span.isRecording()) headers[HEADER] = writeTraceHeader(span.spanContext());
        try {
          const answer = await next(call);
          span.setAttribute("aws.request_id", answer.output?.$metadata?.requestId ?? "");
          return answer;
        } catch (error) {
          // Its message can quote what was sent.
          span.recordException({ name: error instanceof Error ? error.name : "Error", message: "" });
          span.setStatus({ code: SpanStatusCode.ERROR });
          throw error;
        } finally {
          span.end();
        }
      });
  };
  client.middlewareStack.add(middleware as never, { name: "reliqTrace", step: "build", override: true } as never);
  return client;
}
