import { randomUUID } from "node:crypto";
import type { World } from "../kernel/service.ts";
import type { Schedule, Target } from "./schedule.ts";
import { shapeEvent } from "./shape-event.ts";

/** What a target gets: its input, with what it asks of the schedule filled in, else an event that tells of the schedule. */
export function payloadOf(
  { region, accountId }: World,
  source: string,
  { arn, name }: Schedule,
  target: Target,
  scheduledAt: number,
): string {
  const id = randomUUID();
  const time = `${new Date(scheduledAt).toISOString().slice(0, 19)}Z`;
  if (target.input !== undefined && source === "aws.scheduler") return fill(target.input, { arn, id, time });
  const event = JSON.stringify({
    version: "0",
    id,
    "detail-type": "Scheduled Event",
    source,
    account: accountId,
    time,
    region,
    resources: [arn],
    // Scheduler's own default event has an empty text here, EventBridge's an empty object.
    detail: source === "aws.scheduler" ? "{}" : {},
  });
  return shapeEvent(target, event, { arn, name, takenAt: scheduledAt });
}

/** Scheduler user guide, Context attributes. */
function fill(input: string, { arn, id, time }: { arn: string; id: string; time: string }): string {
  return input
    .replaceAll("<aws.scheduler.schedule-arn>", arn)
    .replaceAll("<aws.scheduler.scheduled-time>", time)
    .replaceAll("<aws.scheduler.execution-id>", id)
    .replaceAll("<aws.scheduler.attempt-number>", "1");
}
