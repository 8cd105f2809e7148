import type { World } from "../../kernel/service.ts";
import { newSegmentId, newTraceId, readTraceHeader, writeTraceHeader } from "../../kernel/trace-header.ts";
import type { Passage } from "./event.ts";

/** The trace of one request. */
export interface RequestTrace {
  /** What the function's event says of it: which trace, and no more. */
  readonly shown: string;
  /** What the function is invoked with: whether the trace is sampled is the function's to say, where the client has not. */
  readonly passedOn: string;
  /** @param invokedWith the header that the function ran under, where it ran */
  end(passage: Passage, status: number, invokedWith: string | undefined): void;
}

/** Begins a request's trace, or goes on with its client's. AWS itself records none of HTTP APIs: there the function's segment is the first. */
export function beginRequestTrace({ traces, clock }: World, given: string | undefined): RequestTrace {
  const client = readTraceHeader(given);
  const root = client?.root ?? newTraceId(clock.now());
  const id = newSegmentId();
  const startMs = clock.now();
  return {
    shown: writeTraceHeader({ root }),
    passedOn: writeTraceHeader({ root, parent: id, sampled: client?.sampled }),
    end: ({ api, request, requestId, match }, status, invokedWith) => {
      if (!(client?.sampled ?? traces.sampled(invokedWith))) return;
      traces.record({
        traceId: root,
        id,
        parentId: client?.parent,
        name: api.name,
        origin: "AWS::ApiGateway::HttpApi",
        startMs,
        endMs: clock.now(),
        annotations: { request_id: requestId },
        aws: { operation: match.route.key },
        // The path as it was asked for can name a person; the route does not.
        http: { request: { method: request.method }, response: { status } },
        ...(status >= 400 && status < 500 && { error: true }),
        ...(status === 429 && { throttle: true }),
        ...(status >= 500 && { fault: { type: String(status), message: `The API answered ${status}.` } }),
      });
    },
  };
}
