import { setTimeout as wait } from "node:timers/promises";
import { CloudWatchLogsClient, type FilteredLogEvent, paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import { LambdaClient, paginateListFunctions } from "@aws-sdk/client-lambda";
import type { AskedRegion } from "../asked-region.ts";
import { inParts } from "../in-parts.ts";
import { readTailEvent, type TailEvent } from "./tail-event.ts";

/** How many log groups are asked at once. */
const AT_ONCE = 10;

/** How often logs are read, milliseconds. */
const EVERY_MS = 1_000;

/** How often it is looked for new functions, milliseconds. */
const FUNCTIONS_EVERY_MS = 30_000;

/** How late a line may come into its log group behind later ones, milliseconds. */
const LATE_MS = 10_000;

interface LogGroup {
  readonly function: string;
  readonly name: string;
}

/** What is followed. */
export interface Followed {
  readonly settings: AskedRegion["settings"];
  /** Names of functions, or undefined for all. */
  readonly functions?: readonly string[] | undefined;
  readonly sinceMs: number;
  readonly signal: AbortSignal;
}

/** Gives what the functions of a region log, from a time on, each line once and in order of time as far as it has come, until the signal is aborted. */
export async function* followLogs({ settings, functions, sinceMs, signal }: Followed): AsyncGenerator<TailEvent> {
  const logs = new CloudWatchLogsClient(settings);
  const lambda = new LambdaClient(settings);
  const seen = new Map<string, number>();
  let groups: readonly LogGroup[] = [];
  let listedAtMs = Number.NEGATIVE_INFINITY;
  let fromMs = sinceMs;
  while (!signal.aborted) {
    if (Date.now() - listedAtMs > FUNCTIONS_EVERY_MS) {
      groups = await listGroups(lambda, functions);
      listedAtMs = Date.now();
    }
    const read = await inParts(groups, AT_ONCE, (group) => readGroup(logs, group, Math.max(sinceMs, fromMs - LATE_MS)));
    const fresh = read.flat().filter(({ id, atMs }) => !seen.has(id) && seen.set(id, atMs));
    for (const { event } of fresh.toSorted((a, b) => a.atMs - b.atMs)) if (event) yield event;
    fromMs = Math.max(fromMs, ...fresh.map(({ atMs }) => atMs));
    for (const [id, atMs] of seen) if (atMs < fromMs - LATE_MS) seen.delete(id);
    await wait(EVERY_MS, undefined, { signal }).catch(() => {});
  }
}

/** Functions with where they log, as Lambda says it. @throws what Lambda says */
async function listGroups(lambda: LambdaClient, names: readonly string[] | undefined): Promise<readonly LogGroup[]> {
  const groups: LogGroup[] = [];
  for await (const { Functions = [] } of paginateListFunctions({ client: lambda }, {})) {
    for (const { FunctionName = "", LoggingConfig } of Functions) {
      const name = LoggingConfig?.LogGroup ?? `/aws/lambda/${FunctionName}`;
      if (names === undefined || names.includes(FunctionName)) groups.push({ function: FunctionName, name });
    }
  }
  return groups;
}

interface ReadLine {
  readonly id: string;
  readonly atMs: number;
  readonly event: TailEvent | undefined;
}

/** The lines of a log group from a time on; none where the function has never logged. */
async function readGroup(logs: CloudWatchLogsClient, group: LogGroup, startTime: number): Promise<readonly ReadLine[]> {
  const lines: ReadLine[] = [];
  try {
    const pages = paginateFilterLogEvents({ client: logs }, { logGroupName: group.name, startTime });
    for await (const { events = [] } of pages) lines.push(...events.map((each) => readLine(each, group.function)));
  } catch (error) {
    if ((error as Error).name !== "ResourceNotFoundException") throw error;
  }
  return lines;
}

function readLine({ eventId = "", timestamp = 0, message = "" }: FilteredLogEvent, name: string): ReadLine {
  return { id: eventId, atMs: timestamp, event: readTailEvent(message, name, timestamp) };
}
