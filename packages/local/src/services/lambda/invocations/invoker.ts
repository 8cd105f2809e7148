import type { Activity } from "../../../kernel/activity.ts";
import type { World } from "../../../kernel/service.ts";
import type { Pool } from "../../../runtime/pool.ts";
import type { InvocationReport } from "../../../runtime/running.ts";
import { tooManyRequests } from "../errors.ts";
import { codeDirectory } from "../functions/function-code.ts";
import { type FunctionRecord, functionArn } from "../functions/function-record.ts";
import { existingFunction } from "../functions/function-table.ts";
import { createFunctionMetrics } from "./function-metrics.ts";
import { beginTrace, type TracedMessage } from "./function-trace.ts";
import { noteEnd, noteStart, type RecordedOutcome } from "./invocation-table.ts";
import { createLateNotes } from "./late-notes.ts";

/** How many invocations an account can run at once (Lambda quotas, concurrent executions). */
const ACCOUNT_CONCURRENCY = 1_000;

interface InvocationRequest {
  readonly functionName: string;
  readonly requestId: string;
  /** The event as JSON text. */
  readonly event: string;
  /** The X-Ray header that the caller passed on. */
  readonly traceId?: string | undefined;
  readonly clientContext?: string | undefined;
  /** How old the last record of the batch is, where it is one of a stream, milliseconds. */
  readonly iteratorAgeMs?: number;
  /** The messages of the batch, where it is one. */
  readonly messages?: readonly TracedMessage[];
  /** The messages that the function failed, by its report. @default all unless it succeeded */
  readonly failedMessageIds?: (report: InvocationReport) => readonly string[];
}

/** What became of an invocation, and the tracing header that it ran under. */
export type TracedReport = InvocationReport & { readonly traceHeader: string };

/** Runs invocations within the concurrency limits. */
export interface Invoker {
  /** @throws TooManyRequestsException where no concurrency is left; ResourceNotFoundException */
  invoke(request: InvocationRequest): Promise<TracedReport>;
  /** Resolves when all invocations so far are noted in their table. */
  noted(): Promise<void>;
  /** Resolves when nothing runs. */
  rest(): Promise<void>;
}

/** Notes how an invocation ended, and which messages of its batch it failed. */
type NoteEnd = (
  outcome: RecordedOutcome,
  error: string | undefined,
  logStream: string,
  failedMessageIds: readonly string[],
) => Promise<void>;

export function createInvoker(world: World, pool: Pool, activity: Activity): Invoker {
  const underWay = new Map<Promise<unknown>, string>();
  const metrics = createFunctionMetrics(world);
  const lateNotes = createLateNotes(world);
  const note = async (requestId: string, name: string, messageIds: readonly string[]): Promise<NoteEnd> => {
    if (messageIds.length === 0) {
      const end = lateNotes.begin(requestId, name);
      return async (outcome, error, logStream) => end(outcome, error, logStream);
    }
    // A message that a killed region had given to a function shall not be without its invocation.
    const id = await noteStart(world, requestId, name, messageIds);
    return (outcome, error, logStream, failed) => noteEnd(world, id, outcome, error, logStream, failed);
  };
  const run = async (record: FunctionRecord, request: InvocationRequest): Promise<TracedReport> => {
    const { requestId, event, clientContext, messages = [] } = request;
    const messageIds = messages.map(({ messageId }) => messageId);
    const noteItsEnd = await note(requestId, record.name, messageIds);
    const trace = beginTrace(world, record, requestId, request.traceId, messages);
    const invocation = {
      requestId,
      event,
      traceId: trace.header,
      ...(clientContext !== undefined && { clientContext }),
    };
    const report = await pool.run(settingsOf(world, record), invocation);
    metrics.ended(record.name, report);
    const { outcome, logStreamName } = report;
    trace.end(outcome);
    const failed = request.failedMessageIds?.(report) ?? (outcome.kind === "success" ? [] : messageIds);
    const error = outcome.kind === "success" ? undefined : `${outcome.error.errorType}: ${outcome.error.errorMessage}`;
    await noteItsEnd(outcome.kind, error, logStreamName, failed);
    return { ...report, traceHeader: trace.header };
  };
  const begin = (record: FunctionRecord, request: InvocationRequest): Promise<TracedReport> => {
    const names = [...underWay.values()];
    try {
      takeConcurrency(record, names);
    } catch (error) {
      metrics.throttled(record.name);
      throw error;
    }
    metrics.began(record.name, names.filter((each) => each === record.name).length + 1, names.length + 1);
    if (request.iteratorAgeMs !== undefined) metrics.aged(record.name, request.iteratorAgeMs);
    return run(record, request);
  };
  return {
    invoke: async (request) => {
      const record = existingFunction(world, request.functionName);
      const running = begin(record, request);
      const end = activity.begin(`an invocation of ${record.name}`);
      underWay.set(running, record.name);
      return running.finally(() => {
        underWay.delete(running);
        end();
      });
    },
    noted: lateNotes.flush,
    rest: async () => {
      while (underWay.size > 0) await Promise.allSettled(underWay.keys());
      await lateNotes.flush();
    },
  };
}

/** @throws TooManyRequestsException */
function takeConcurrency(record: FunctionRecord, underWay: readonly string[]): void {
  const { name, reservedConcurrency } = record;
  if (reservedConcurrency !== undefined) {
    const used = underWay.filter((each) => each === name).length;
    if (used >= reservedConcurrency) throw tooManyRequests("ReservedFunctionConcurrentInvocationLimitExceeded");
  }
  if (underWay.length >= ACCOUNT_CONCURRENCY) throw tooManyRequests("ConcurrentInvocationLimitExceeded");
}

function settingsOf(world: World, record: FunctionRecord): Parameters<Pool["run"]>[0] {
  const { name, codeHash, ...settings } = record;
  return {
    ...settings,
    functionName: name,
    functionArn: functionArn(world, name),
    codeDirectory: codeDirectory(world.store.directory, codeHash),
  };
}
