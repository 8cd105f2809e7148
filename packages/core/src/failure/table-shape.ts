/** An index that lists records: one partition a question, in the order of a time. All keys are strings. */
export interface FailureTableIndex {
  readonly name: string;
  readonly partitionKey: string;
  readonly sortKey: string;
  /** What it shows apart from keys; empty: keys only. */
  readonly projected: readonly string[];
}

const LISTED = ["record"];

/** The failure store's table, as the construct makes it and the adapter asks it (docs/decisions/010-failure-store.md). */
export const FAILURE_TABLE: {
  readonly partitionKey: string;
  readonly sortKey: string;
  /** Unix seconds after which DynamoDB may delete an item. */
  readonly timeToLive: string;
  readonly indexes: readonly FailureTableIndex[];
} = {
  partitionKey: "pk",
  sortKey: "sk",
  timeToLive: "expiresAt",
  indexes: [
    { name: "by-queue", partitionKey: "byQueue", sortKey: "at", projected: LISTED },
    { name: "by-state", partitionKey: "byState", sortKey: "at", projected: LISTED },
    { name: "by-category", partitionKey: "byCategory", sortKey: "at", projected: LISTED },
    { name: "by-cause", partitionKey: "byCause", sortKey: "at", projected: LISTED },
    { name: "by-fingerprint", partitionKey: "byFingerprint", sortKey: "at", projected: LISTED },
    { name: "by-message-group", partitionKey: "byMessageGroup", sortKey: "at", projected: LISTED },
    { name: "by-due", partitionKey: "byDue", sortKey: "dueAt", projected: [] },
  ],
};
