/** The line that the consumer logs for each batch. */
export interface BatchSummary {
  readonly resp: { readonly status: true; readonly tot_msgs: number; readonly f_msgs: number; readonly s_msgs: number };
}

/** Counts a batch: messages in it, and how many of them failed. */
export function batchSummary(messages: number, failed: number): BatchSummary {
  return { resp: { status: true, tot_msgs: messages, f_msgs: failed, s_msgs: messages - failed } };
}
