import { createSocket } from "node:dgram";
import { vi } from "vitest";

/** A segment as it is read back. */
export interface SeenSegment {
  readonly id: string;
  readonly trace_id: string;
  readonly parent_id?: string;
  readonly name: string;
  readonly origin?: string;
  readonly start_time: number;
  readonly end_time?: number;
  readonly in_progress?: boolean;
  readonly fault?: boolean;
  readonly annotations?: Readonly<Record<string, unknown>>;
  readonly aws?: Readonly<Record<string, unknown>>;
  readonly links?: readonly { readonly trace_id: string; readonly id: string }[];
  readonly cause?: { readonly exceptions: readonly { readonly type: string; readonly message: string }[] };
}

/** The collector of a region, as a client of X-Ray uses it. */
export interface XrayFixture {
  call(path: string, input: object): Promise<Record<string, unknown>>;
  put(...segments: readonly object[]): Promise<Record<string, unknown>>;
  /** The ids of the traces of the last hour that fit a filter, in order. */
  find(FilterExpression: string): Promise<readonly string[]>;
  segments(traceId: string): Promise<readonly SeenSegment[]>;
  /** Waits until traces have been found by a filter, and gives their segments. */
  found(filter: string, enough: (segments: readonly SeenSegment[]) => boolean): Promise<readonly SeenSegment[]>;
}

export function xrayFixture(endpoint: () => string, now: () => number = Date.now): XrayFixture {
  const call = async (path: string, input: object): Promise<Record<string, unknown>> => {
    const body = JSON.stringify(input);
    const response = await fetch(`${endpoint()}${path}`, { method: "POST", body });
    return { status: response.status, ...((await response.json()) as object) };
  };
  const find = async (FilterExpression: string): Promise<readonly string[]> => {
    const seconds = now() / 1_000;
    const input = { StartTime: seconds - 3_600, EndTime: seconds + 60, FilterExpression };
    const { TraceSummaries = [] } = await call("/TraceSummaries", input);
    return (TraceSummaries as { Id: string }[]).map(({ Id }) => Id);
  };
  const segments = async (traceId: string): Promise<readonly SeenSegment[]> => {
    const { Traces = [] } = await call("/Traces", { TraceIds: [traceId] });
    const traces = Traces as { Segments: { Document: string }[] }[];
    return traces.flatMap(({ Segments }) => Segments.map(({ Document }) => JSON.parse(Document) as SeenSegment));
  };
  return {
    call,
    find,
    segments,
    put: (...documents) =>
      call("/TraceSegments", { TraceSegmentDocuments: documents.map((each) => JSON.stringify(each)) }),
    found: (filter, enough) =>
      vi.waitFor(
        async () => {
          const found = (await Promise.all((await find(filter)).map(segments))).flat();
          if (!enough(found)) throw new Error(`Not yet: ${JSON.stringify(found, null, 1)}`);
          return found;
        },
        { timeout: 30_000, interval: 100 },
      ),
  };
}

/** Sends a text to the daemon at `127.0.0.1:2000`. */
export async function sendDatagram(address: string, text: string): Promise<void> {
  const [host, port] = address.split(":");
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.send(text, Number(port), host, () => resolve()));
  socket.close();
}
