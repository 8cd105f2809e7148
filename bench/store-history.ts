import type { AttributeValue, DynamoDBClient, TransactWriteItemsCommandInput } from "@aws-sdk/client-dynamodb";
import { dynamodbFailureStore } from "@reliq/aws";
import {
  type FailedMessage,
  type FailureStore,
  failureId,
  type GroupCount,
  groupId,
  type StoreChange,
} from "@reliq/core/recovery";
import { sampleAudit, sampleCount, sampleFailure } from "@reliq/core/testing";

type Item = Record<string, AttributeValue>;

/** A client of which only `send` is there: all that the store calls. */
export type StoreClient = DynamoDBClient;

/** The queues of the history. */
const QUEUES = ["orders", "payments"] as const;

/** Failures that are captured together; each such batch is a group of its own. */
export const BATCH = 20;

/** The oldest failures, which are committed as recovery does, one batch after the other: each gives a group another hour. */
export const COMMITTED: number = 24 * BATCH;

/** The group with deaths in each of its first 24 hours. */
export const DAILY_GROUP: string = groupId("orders", "1:daily");

export const HOUR_MS = 3_600_000;

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
  const counts = [{ ...count, first }];
  if (from < COMMITTED) counts.push(dailyCount(from / BATCH));
  return { failures, counts, audit: sampleAudit({ chain: queue }) };
}

function dailyCount(hour: number): GroupCount {
  return sampleCount("orders", { group: DAILY_GROUP, deaths: BATCH, atMs: capturedAtMs(0) + hour * HOUR_MS });
}

/** What the store writes for changes, without a table: the items of failures and groups, as it gives them to the service. */
export function itemsOf(): (change: StoreChange) => Promise<readonly Item[]> {
  let written: readonly Item[] = [];
  const send: unknown = async ({ input }: { readonly input: TransactWriteItemsCommandInput }) => {
    const { TransactItems = [] } = input;
    if (TransactItems.length > 0) written = TransactItems.flatMap(({ Put }) => (Put?.Item ? [Put.Item] : []));
    return {};
  };
  const store: FailureStore = dynamodbFailureStore({ send } as StoreClient, "none");
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
