import type { AttributeValue, DynamoDBClient, TransactWriteItemsCommandInput } from "@aws-sdk/client-dynamodb";
import { dynamodbFailureStore } from "@reliq/aws";
import {
  type FailedMessage,
  type FailureState,
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

/** Whose failures a history is of, where they are, and when it begins. */
export interface HistoryTraits {
  readonly queues: readonly [string, ...string[]];
  readonly states: readonly FailureState[];
  /** Milliseconds since the Unix epoch. */
  readonly beginMs: number;
}

const MIXED: HistoryTraits = {
  queues: ["orders", "payments"],
  states: ["held", "healing", "requeued", "archived", "resolved", "discarded"],
  beginMs: BEGIN_MS,
};

/** When the history's failure of that number was captured, milliseconds since the Unix epoch. */
export function capturedAtMs(number: number, { beginMs }: HistoryTraits = MIXED): number {
  return beginMs + number * STEP_MS;
}

/** A failure whose traits are mixed, the same in each run. */
function failureOf(number: number, traits: HistoryTraits): FailedMessage {
  const trait = <Trait>(values: readonly Trait[], salt: number): Trait =>
    values[Math.abs(Math.imul(number + 1, 0x9e3779b1 ^ (salt << 9)) >> 11) % values.length] as Trait;
  const { reason } = sampleFailure();
  const category = trait(CATEGORIES, 3);
  const state = trait(traits.states, 5);
  const queue = traits.queues[Math.floor(number / BATCH) % traits.queues.length] ?? traits.queues[0];
  const atMs = capturedAtMs(number, traits);
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
export function captureOf(from: number, traits: HistoryTraits = MIXED): StoreChange {
  const failures = Array.from({ length: BATCH }, (_, index) => ({
    before: undefined,
    after: failureOf(from + index, traits),
  }));
  const queue = failures[0]?.after.queue ?? "";
  const group = groupId(queue, `1:${from}`);
  const count = sampleCount(queue, { group, deaths: BATCH, atMs: capturedAtMs(from, traits) });
  const first = { ...count.first, fingerprint: `1:${from}` };
  const counts = [{ ...count, first }];
  if (from < COMMITTED) counts.push(dailyCount(from / BATCH, traits));
  return { failures, counts, audit: sampleAudit({ chain: queue }) };
}

function dailyCount(hour: number, traits: HistoryTraits): GroupCount {
  const [queue] = traits.queues;
  const atMs = capturedAtMs(0, traits) + hour * HOUR_MS;
  return sampleCount(queue, { group: groupId(queue, "1:daily"), deaths: BATCH, atMs });
}

/** What the store writes for a change: the items of failures and groups, and what it adds to the totals. */
interface Written {
  readonly items: readonly Item[];
  readonly totals: readonly Update[];
}

type Update = NonNullable<NonNullable<TransactWriteItemsCommandInput["TransactItems"]>[number]["Update"]>;

/** What the store writes for changes, without a table, as it gives it to the service. */
export function writesOf(): (change: StoreChange) => Promise<Written> {
  let written: NonNullable<TransactWriteItemsCommandInput["TransactItems"]> = [];
  const send: unknown = async ({ input }: { readonly input: TransactWriteItemsCommandInput }) => {
    if ((input.TransactItems?.length ?? 0) > 0) written = input.TransactItems ?? [];
    return {};
  };
  const store: FailureStore = dynamodbFailureStore({ send } as StoreClient, "none");
  return async (change) => {
    await store.commit(change);
    const items = written.flatMap(({ Put }) => (Put?.Item ? [Put.Item] : []));
    const updates = written.flatMap(({ Update }) => (Update ? [Update] : []));
    return {
      items: items.filter(({ pk }) => /^(failure|group)#/.test(pk?.S ?? "")),
      totals: updates.filter(({ Key }) => Key?.["sk"]?.S === "totals"),
    };
  };
}

/** Updates that add numbers, as one for each key that adds their sums. */
export function summed(updates: readonly Update[]): readonly Update[] {
  const ofKeys = Map.groupBy(updates, ({ Key }) => JSON.stringify(Key));
  return [...ofKeys.values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    const { ExpressionAttributeValues: values = {} } = first;
    const sum = (name: string, number: string | undefined): number =>
      others.reduce((so, each) => so + Number(each.ExpressionAttributeValues?.[name]?.N), Number(number));
    const sums = Object.entries(values).map(([name, value]) => [
      name,
      value.N === undefined ? value : { N: String(sum(name, value.N)) },
    ]);
    return [{ ...first, ExpressionAttributeValues: Object.fromEntries(sums) }];
  });
}

/** The id of the history's failure of that number. */
export function idOf(number: number): string {
  const { queue, lineage } = failureOf(number, MIXED);
  return failureId(queue, lineage);
}
