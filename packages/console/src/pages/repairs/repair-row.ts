import type { ApiAnswers } from "@reliq/core/recovery";

/** What a repair makes, or has made, of one message. */
export interface RepairRow {
  readonly failure: string;
  /** Line by line; undefined where it is left as it is. */
  readonly diff?: readonly string[] | undefined;
  /** Why it is left, or why it was not sent. */
  readonly because?: string | undefined;
  readonly sent?: boolean | undefined;
}

/** What a preview says of a message. */
export function rowOfPreview({ failure, diff, because }: ApiAnswers["preview-repair"]["messages"][number]): RepairRow {
  return { failure, diff, because };
}

/** How a message's repair ended. */
export function rowOfEnd(end: ApiAnswers["apply-repair"]["ends"][number]): RepairRow {
  if (end.kind === "refused") return { failure: end.id, because: end.because };
  return { failure: end.id, diff: end.diff ?? [], sent: end.sent, because: end.notSentBecause };
}
