import { type AttributeValue, DynamoDBClient, type TransactWriteItemsCommandInput } from "@aws-sdk/client-dynamodb";
import { dynamodbFailureStore } from "@reliq/aws";
import { type FailedMessage, type FailureStore, failureId, groupId, type StoreChange } from "@reliq/core/recovery";
import { sampleAudit, sampleCount, sampleFailure } from "@reliq/core/testing";

type Item = Record<string, AttributeValue>;

/** The queues of the history. */
export const QUEUES = ["orders", "payments"] as const;

/** Failures that are captured together; each such batch is a group of its own. */
export const BATCH = 20;

/** Between two captures, milliseconds. */
const STEP_MS = 1_000;

const BEGIN_MS = Date.UTC(2026, 0, 1);

const CATEGORIES = ["validation", "timeout", "dependency"] as const;
const CAUSES = ["threw", "timed-out", "crashed"] as const;
const STATES = ["held", "healing", "requeued", "archived", "resolved", "discarded"] as const;

/** When the history's failure of that number was captured, milliseconds since the Unix epoch. */
export function capturedAtMs(number: number): number {
  return BEGIN_MS + number * STEP_MS;
}

/** A failure whose traits are mixed, the same in each run. */
function failureOf(number: number): FailedMessage {
  const trait = <Trait>(values: readonly Trait[], salt: number): Trait =>
    values[Math.abs(Math.imul(number + 1, 0x9e3779b1 ^ (salt << 9)) >> 11) % values.length] as Trait;
  const { reason } = sampleFailure();
  const category = trait(CATEGORIES, 3);
  const state = trait(STATES, 5);
  const queue = QUEUES[Math.floor(number / BATCH) % QUEUES.length] ?? "orders";
  const atMs = capturedAtMs(number);
  return sampleFailure({
    queue,
    lineage: `m-${number}`,
    capturedAtMs: atMs,
    state,
    cause: trait(CAUSES, 11),
    groupId: `group-${trait([1, 2, 3, 4], 13)}`,
    reason: { ...reason, category, errorName: `${category}Error`, fingerprint: `1:${trait([1, 2, 3, 4], 17)}` },
    ...(state === "healing" && { dueAtMs: atMs }),
    ...(state === "requeued" && { requeuedAtMs: atMs }),
  });
}

/** The capture of the batch that begins with that number. */
export function captureOf(from: number): StoreChange {
  const failures = Array.from({ length: BATCH }, (_, index) => ({ before: undefined, after: failureOf(from + index) }));
  const queue = failures[0]?.after.queue ?? "";
  const group = groupId(queue, `1:${from}`);
  const count = sampleCount(queue, { group, deaths: BATCH, atMs: capturedAtMs(from) });
  const first = { ...count.first, fingerprint: `1:${from}` };
  return { failures, counts: [{ ...count, first }], audit: sampleAudit({ chain: queue }) };
}

/** What the store writes for changes, without a table: the items of failures and groups, as it gives them to the service. */
export function itemsOf(): (change: StoreChange) => Promise<readonly Item[]> {
  const client = new DynamoDBClient({ region: "us-east-1" });
  let written: readonly Item[] = [];
  client.middlewareStack.add(
    () => async (args) => {
      const { TransactItems = [] } = args.input as TransactWriteItemsCommandInput;
      if (TransactItems.length > 0) written = TransactItems.flatMap(({ Put }) => (Put?.Item ? [Put.Item] : []));
      return { response: undefined, output: { $metadata: {} } as never };
    },
    { step: "initialize" },
  );
  const store: FailureStore = dynamodbFailureStore(client, "none");
  return async (change) => {
    await store.commit(change);
    return written.filter(({ pk }) => /^(failure|group)#/.test(pk?.S ?? ""));
  };
}

/** The id of the history's failure of that number. */
export function idOf(number: number): string {
  const { queue, lineage } = failureOf(number);
  return failureId(queue, lineage);
}
