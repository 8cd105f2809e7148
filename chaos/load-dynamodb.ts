import { type Answer, type ChaosClient, type Load, learned, needDone } from "./client.ts";
import { type Operation, type Outcome, writtenKeys } from "./history.ts";
import { repeatable } from "./repeatable.ts";

const TABLE = "chaos";

/** What the keys of its items begin with. */
const KEYS = "item/";

const CLAIMERS = 3;
const COUNTERS = 8;
const KEYS_PER_WRITER = 40;

/** How long after a transaction its token may be used again, milliseconds: within the 10 minutes that it is remembered. */
const REPEATABLE_MS = 480_000;

/** Conditional puts, counters, single and batch writes, and transactions on one table. */
export function dynamodbLoad(client: ChaosClient): Load {
  let claims = 0;
  return {
    prepare: () => createTable(client),
    actors: [
      // As many tries for each key as there are claimers, at about the same time.
      ...Array.from(
        { length: CLAIMERS },
        () => () => claim(client, `${KEYS}claim-${Math.floor(claims / CLAIMERS)}`, claims++),
      ),
      ...[1, 2].map(() => () => increment(client, `${KEYS}count-${client.random.integer(1, COUNTERS)}`)),
      ...[1, 2].map((writer) => writerOf(client, `${KEYS}write-${writer}`)),
      ...[1, 2].map((number) => transactor(client, `${KEYS}transaction-${number}`)),
    ],
    drain: () => readAll(client),
  };
}

async function createTable(client: ChaosClient): Promise<void> {
  const answer = await client.call("dynamodb", "CreateTable", {
    TableName: TABLE,
    AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
    BillingMode: "PAY_PER_REQUEST",
  });
  needDone(answer);
}

async function claim(client: ChaosClient, key: string, number: number): Promise<void> {
  const owner = `owner-${number}`;
  const Item = { ...itemOf(key, owner), padding: { S: "x".repeat(client.random.integer(1, 500)) } };
  const input = { TableName: TABLE, Item, ConditionExpression: "attribute_not_exists(pk)" };
  let lost = true;
  while (lost) {
    const answer = await client.call("dynamodb", "PutItem", input);
    client.operations.push({ type: "claim", key, owner, ...learned(answer) });
    lost = answer.outcome.kind === "lost" && client.random.chance(0.7);
  }
}

async function increment(client: ChaosClient, key: string): Promise<void> {
  const UpdateExpression = client.random.pick(["ADD amount :one", "SET amount = if_not_exists(amount, :zero) + :one"]);
  const answer = await client.call("dynamodb", "UpdateItem", {
    TableName: TABLE,
    Key: { pk: { S: key } },
    UpdateExpression,
    ExpressionAttributeValues: {
      ":one": { N: "1" },
      ...(UpdateExpression.includes(":zero") && { ":zero": { N: "0" } }),
    },
  });
  client.operations.push({ type: "increment", key, ...learned(answer) });
}

/** Writes to its own keys, one call after the other, and reads some of them between. */
function writerOf(client: ChaosClient, name: string): () => Promise<void> {
  const { random } = client;
  const keys = Array.from({ length: KEYS_PER_WRITER }, (_, index) => `${name}-${index}`);
  let version = 0;
  return async () => {
    const chosen = keys.filter(() => random.chance(0.3)).slice(0, random.chance(0.5) ? 1 : 25);
    if (random.chance(0.2)) await readKeys(client, chosen);
    const writes = chosen.map((key) => ({ key, value: random.chance(0.2) ? null : `version-${version++}` }));
    if (writes.length > 0) await write(client, writes);
  };
}

interface KeyValue {
  readonly key: string;
  readonly value: string | null;
}

async function write(client: ChaosClient, writes: readonly KeyValue[]): Promise<void> {
  const [first] = writes;
  const answer = writes.length === 1 && first ? await writeOne(client, first) : await writeBatch(client, writes);
  const unprocessed = Object.keys((answer.body["UnprocessedItems"] as object | undefined) ?? {}).length > 0;
  const refused: Outcome = { kind: "refused", code: "UnprocessedItems" };
  for (const each of writes) {
    const operation: Operation = { type: "write", ...each, ...learned(answer) };
    client.operations.push(unprocessed ? { ...operation, outcome: refused } : operation);
  }
}

function writeOne(client: ChaosClient, { key, value }: KeyValue): Promise<Answer> {
  return value === null
    ? client.call("dynamodb", "DeleteItem", { TableName: TABLE, Key: { pk: { S: key } } })
    : client.call("dynamodb", "PutItem", { TableName: TABLE, Item: itemOf(key, value) });
}

function writeBatch(client: ChaosClient, writes: readonly KeyValue[]): Promise<Answer> {
  const requests = writes.map(({ key, value }) =>
    value === null ? { DeleteRequest: { Key: { pk: { S: key } } } } : { PutRequest: { Item: itemOf(key, value) } },
  );
  return client.call("dynamodb", "BatchWriteItem", { RequestItems: { [TABLE]: requests } });
}

async function readKeys(client: ChaosClient, keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    const input = { TableName: TABLE, Key: { pk: { S: key } }, ConsistentRead: true };
    const answer = await client.call("dynamodb", "GetItem", input);
    const value = valueIn(needDone(answer)["Item"] as Item | undefined);
    const { startedMs, endedMs } = answer;
    if (answer.outcome.kind === "done") client.operations.push({ type: "read", key, value, startedMs, endedMs });
  }
}

/** Repeats a transaction whose answer was lost, and now and then one that was acknowledged. */
function transactor(client: ChaosClient, name: string): () => Promise<void> {
  const { random } = client;
  const acknowledged = repeatable<Transact>(random, REPEATABLE_MS);
  let made = 0;
  return async () => {
    const repeated = acknowledged.pick();
    if (repeated) {
      await transact(client, repeated);
      return;
    }
    const transaction = {
      owner: `${name}-${made++}`,
      items: random.integer(2, 5),
      counter: `${name}-count`,
      doomed: random.chance(0.15),
    };
    let outcome = await transact(client, transaction);
    while (outcome === "lost" && random.chance(0.8)) outcome = await transact(client, transaction);
    if (outcome === "done") acknowledged.add(transaction);
  };
}

interface Transact {
  /** Its token, too. */
  readonly owner: string;
  readonly items: number;
  readonly counter: string;
  readonly doomed: boolean;
}

/** Puts a few items and counts itself. */
async function transact(client: ChaosClient, { owner, items, counter, doomed }: Transact): Promise<Outcome["kind"]> {
  const keys = Array.from({ length: items }, (_, index) => `${owner}/${index}`);
  const count = {
    TableName: TABLE,
    Key: { pk: { S: counter } },
    UpdateExpression: "ADD amount :one",
    ExpressionAttributeValues: { ":one": { N: "1" } },
  };
  const never = { TableName: TABLE, Key: { pk: { S: "never" } }, ConditionExpression: "attribute_exists(pk)" };
  const puts = keys.map((key) => ({
    Put: { TableName: TABLE, Item: itemOf(key, owner), ConditionExpression: "attribute_not_exists(pk)" },
  }));
  const TransactItems = [...puts, { Update: count }, ...(doomed ? [{ ConditionCheck: never }] : [])];
  const answer = await client.call("dynamodb", "TransactWriteItems", { TransactItems, ClientRequestToken: owner });
  client.operations.push({ type: "transaction", owner, keys, counter, doomed, ...learned(answer) });
  return answer.outcome.kind;
}

/** Reads the whole table, and notes what it holds under every key that was ever written. */
async function readAll(client: ChaosClient): Promise<void> {
  const items = new Map<string, string | null>();
  const startedMs = performance.now();
  for (let ExclusiveStartKey: unknown; ; ) {
    const answer = await client.call("dynamodb", "Scan", { TableName: TABLE, ConsistentRead: true, ExclusiveStartKey });
    const { Items, LastEvaluatedKey } = needDone(answer);
    for (const item of Items as Item[]) items.set(item["pk"]?.S ?? "", valueIn(item));
    ExclusiveStartKey = LastEvaluatedKey;
    if (LastEvaluatedKey === undefined) break;
  }
  const span = { startedMs, endedMs: performance.now() };
  for (const key of writtenKeys(client.operations, KEYS)) {
    client.operations.push({ type: "read", key, value: items.get(key) ?? null, ...span });
  }
}

type Item = Readonly<Record<string, { readonly S?: string; readonly N?: string }>>;

function itemOf(key: string, value: string): Item {
  return { pk: { S: key }, value: { S: value } };
}

/** A counter's amount, or else the item's value; null where there is no item. */
function valueIn(item: Item | undefined): string | null {
  return item?.["amount"]?.N ?? item?.["value"]?.S ?? null;
}
