import type { Members } from "../kernel/service.ts";

/** Where a schedule's events go. */
export interface Target {
  readonly arn: string;
  /** What is sent. @default an event that tells of the schedule */
  readonly input?: string;
  readonly messageGroupId?: string;
  /** How often a failed delivery is tried again. */
  readonly mostRetries: number;
  /** How long after its time an event is still delivered, seconds. */
  readonly longestAgeSeconds: number;
  readonly deadLetterArn?: string;
}

/** What is due, when, and what happens then. */
export interface Schedule {
  /** Names it within its service. */
  readonly name: string;
  readonly arn: string;
  readonly expression: string;
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
  /** When the schedule was due, ms. */
  readonly scheduledAt: number;
  readonly target: Target;
  readonly payload: string;
  readonly attempts: number;
}
