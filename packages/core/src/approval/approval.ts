import type { MessageContent } from "../failure/failed-message.ts";
import type { RedriveRun, RunOptions } from "../redrive/redrive-run.ts";
import type { RunFilter } from "../redrive/run-options.ts";

/** A message as it was when something was asked for: what has changed since is left alone. */
export interface PinnedMessage {
  readonly id: string;
  readonly version: number;
}

/** What is done once it is approved. */
export type Deed =
  | {
      readonly operation: "start-run";
      readonly kind: RedriveRun["kind"];
      readonly filter: RunFilter;
      readonly options: Partial<RunOptions>;
    }
  | { readonly operation: "heal"; readonly messages: readonly PinnedMessage[] }
  | {
      readonly operation: "repair";
      readonly repair: string;
      readonly messages: readonly PinnedMessage[];
      readonly send: boolean;
    }
  | {
      readonly operation: "edit";
      readonly message: PinnedMessage;
      /** What the message is to hold; gone once it is over. */
      readonly content?: MessageContent;
      readonly send: boolean;
    };

/** Where an approval stands. */
export type ApprovalState =
  /** Waits for another person. */
  | "pending"
  /** Another person has said yes, and it is being done. */
  | "approved"
  | "done"
  /** It could not be done: `outcome` says why. */
  | "failed"
  | "refused"
  /** Nobody decided in time, or it could not be begun in time. */
  | "expired";

/** What one person asks for and another one has to approve. */
export interface Approval {
  readonly id: string;
  readonly state: ApprovalState;
  /** Grows by one with each change: of two who decide at once, one does. */
  readonly version: number;
  /** The audit's chain: the queue, or `reliq` where it is about several. */
  readonly chain: string;
  readonly deed: Deed;
  /** What it is, in words. */
  readonly says: string;
  /** Messages that it is about, and the number of the policy that this is above. */
  readonly count: number;
  readonly limit: number;
  /** Of an edit: what differs, personal values masked. */
  readonly diff?: readonly string[];
  /** Who asks. */
  readonly by: string;
  /** Milliseconds since the Unix epoch, as all times. */
  readonly askedAtMs: number;
  readonly expiresAtMs: number;
  readonly updatedAtMs: number;
  /** Who approved or refused it. */
  readonly decidedBy?: string;
  /** Why it was refused. */
  readonly reason?: string;
  /** What came of it, in words. */
  readonly outcome?: string;
  /** The run that it started. */
  readonly run?: string;
}

/** Whether nothing becomes of it any more. */
export function isOver({ state }: Pick<Approval, "state">): boolean {
  return state !== "pending" && state !== "approved";
}

/** An approval as it is shown: without the content of an edit. */
export function shownApproval(approval: Approval): Approval {
  const { deed } = approval;
  if (deed.operation !== "edit") return approval;
  const { content: _, ...shown } = deed;
  return { ...approval, deed: shown };
}
