import type { World } from "./service.ts";
import { newSegmentId, writeTraceHeader } from "./trace-header.ts";

/** One service's part in a trace: what it has taken and gives on. */
export interface Hop {
  /** What goes on with it; undefined where there was nothing to go on with. */
  readonly header: string | undefined;
  /** Writes down that it was given on; `failure`: that it could not be. */
  end(failure?: { readonly type: string; readonly message: string }): void;
}

/** Begins a hop of something that was taken with a tracing header; where that is not sampled, it is passed on as it is. */
export function beginHop(
  { traces, clock }: World,
  traceHeader: string | undefined,
  about: { readonly name: string; readonly origin: string; readonly operation: string; readonly takenMs: number },
): Hop {
  const header = traces.sampled(traceHeader);
  if (!header) return { header: traceHeader, end: () => {} };
  const id = newSegmentId();
  const { name, origin, operation, takenMs } = about;
  return {
    header: writeTraceHeader({ ...header, parent: id }),
    end: (failure) => {
      const endMs = clock.now();
      const startMs = Math.min(takenMs, endMs);
      const parts = { traceId: header.root, id, parentId: header.parent, name, origin, startMs, endMs };
      traces.record({ ...parts, aws: { operation }, ...(failure && { fault: failure }) });
    },
  };
}
