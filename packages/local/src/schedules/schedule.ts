import type { Members } from "../kernel/service.ts";

/** Where a schedule's events go. */
export interface Target {
  readonly arn: string;
  /** What is sent. @default an event that tells of the schedule */
  readonly input?: string;
  /** The part of an event that is sent. @default the whole event */
  readonly inputPath?: string;
  /** What is sent is made of parts of the event, by name. */
  readonly transformer?: { readonly paths: Readonly<Record<string, string>>; readonly template: string };
  readonly messageGroupId?: string;
  /** How often a failed delivery is tried again. */
  readonly mostRetries: number;
  /** How long after its time an event is still delivered, seconds. */
  readonly longestAgeSeconds: number;
  readonly deadLetterArn?: string;
  /** Of an event on its way: the X-Ray header that it came with. @default none */
  readonly traceHeader?: string;
}

/** What is due and when, or which events it takes, and what happens then. */
export interface Schedule {
  /** Names it within its service. */
  readonly name: string;
  readonly arn: string;
  /** @default it is never due */
  readonly expression?: string;
  /** The events that it takes. @default none */
  readonly pattern?: Members;
  readonly timeZone: string;
  readonly startMs?: number;
  readonly endMs?: number;
  readonly enabled: boolean;
  /** An event is delivered at any time within so many minutes. */
  readonly windowMinutes: number;
  /** It is deleted once it is over. */
  readonly deletedWhenOver: boolean;
  readonly targets: readonly Target[];
  /** What its service shows of it, as it was given. */
  readonly shown: Members;
}

/** One event on its way to one target. */
export interface Fire {
  readonly seq: number;
  readonly scheduleArn: string;
  /** When the schedule was due or the event was taken, ms. */
  readonly scheduledAt: number;
  readonly target: Target;
  readonly payload: string;
  readonly attempts: number;
}

/** An event before it is on its way. */
export type NewFire = Omit<Fire, "attempts" | "seq">;

/** Whose schedules they are, and what their events say of it. */
export interface Owner {
  /** `scheduler` or `events`. */
  readonly name: string;
  readonly source: "aws.events" | "aws.scheduler";
  /** The attribute of a dead letter that names the schedule. */
  readonly arnAttribute: "RULE_ARN" | "SCHEDULE_ARN";
}

/** What is counted of deliveries, as EventBridge names it: one that is retried counts once, at its end. */
export type DeliveryMetric =
  | "FailedInvocations"
  | "Invocations"
  | "InvocationsFailedToBeSentToDlq"
  | "InvocationsSentToDlq";
