import { ReliqError } from "@reliq/core";
import * as v from "valibot";
import { readInstant } from "./order.ts";

/** Which archived messages a replay takes, and whether it only says what it would do. */
export interface ReplayRequest {
  /** Their first deaths are from then on, and before then; milliseconds since the Unix epoch. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly messageGroupId?: string;
  readonly dryRun: boolean;
}

const time: v.GenericSchema<string, number> = v.pipe(
  v.string("Expected a time, ISO 8601, such as 2026-01-31T08:00:00Z"),
  v.regex(/^\d{4}-\d\d-\d\d/, "Expected a time, ISO 8601, such as 2026-01-31T08:00:00Z"),
  v.transform((text) => readInstant(text)),
  v.number("Expected a time that exists, such as 2026-01-31T08:00:00Z"),
);

const requestSchema = v.strictObject({
  start_time: time,
  end_time: v.optional(time),
  message_group_id: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(128))),
  dry_run: v.optional(v.boolean()),
});

const eventSchema = v.strictObject({ replay_request: requestSchema });

/**
 * Reads what the replay function is invoked with: `{"replay_request":{"start_time","end_time","message_group_id","dry_run"}}`, of which `start_time`
 * has to be there. Without `end_time` it is until `nowMs`, without a group of all groups, and without `dry_run` it sends.
 * @throws ReliqError `replay-request` that names each field that is wrong.
 */
export function readReplayRequest(event: unknown, nowMs: number): ReplayRequest {
  const { success, issues, output } = v.safeParse(eventSchema, event);
  if (!success) throw refused(issues.map(describe).join("; "));
  const { start_time: fromMs, end_time: toMs = nowMs, message_group_id, dry_run = false } = output.replay_request;
  if (toMs <= fromMs) {
    const ends = output.replay_request.end_time === undefined ? "now" : "`end_time`";
    throw refused(`replay_request.start_time (${iso(fromMs)} is not before ${ends}, ${iso(toMs)})`);
  }
  const group = message_group_id === undefined ? {} : { messageGroupId: message_group_id };
  return { fromMs, toMs, ...group, dryRun: dry_run };
}

function describe(issue: v.BaseIssue<unknown>): string {
  return `${v.getDotPath(issue) ?? "the event"} (${issue.message})`;
}

function refused(what: string): ReliqError {
  const takes =
    'It takes {"replay_request":{"start_time":"2026-01-31T08:00:00Z","end_time":…,"message_group_id":…,"dry_run":true}}, of which only start_time is needed.';
  return new ReliqError("replay-request", `The replay request cannot be read: ${what}. ${takes}`);
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
