import { setImmediate } from "node:timers/promises";
import { type DynamoDBClient, PutItemCommand, TransactWriteItemsCommand } from "@aws-sdk/client-dynamodb";
import { ReliqError } from "@reliq/core";
import type { GroupMark, Quarantine, QuarantineChange } from "@reliq/core/recovery";
import { isPassing, readReasons } from "../cancellation.ts";
import { itemBytes } from "../failure-store/item-bytes.ts";
import { keyText } from "../failure-store/keys.ts";
import { readRange } from "../failure-store/query.ts";
import { readRecord } from "../failure-store/records.ts";
import { jitteredWait, MOST_TRIES } from "../jittered-wait.ts";
import { readItems } from "../read-items.ts";
import type { Item } from "../statements.ts";
import { openMarks } from "./open-marks.ts";
import { isVersion, LARGEST_ITEM_BYTES, markItem, markKey, messageItem, messageSort, partition } from "./records.ts";
import { totalsUpdate } from "./totals.ts";

/** Held groups in the failure store's table: one item a group, and one for each message that is set aside, in its partition. */
export function dynamodbQuarantine(
  client: DynamoDBClient,
  tableName: string,
  now: () => number = Date.now,
): Quarantine {
  return {
    marks: async (names) => {
      const items = await readItems(client, tableName, names.map(markKey));
      const itemOf = new Map(items.map((item) => [keyText(item), item]));
      return names.map((name) => {
        const item = itemOf.get(keyText(markKey(name)));
        return item && readRecord<GroupMark>(item);
      });
    },
    commit: (change) => commit(client, tableName, change, now()),
    setAside: async (name, after, limit) => {
      const range = { partition: partition(name), from: messageSort(after), to: messageSort("~") };
      const items = await readRange(client, tableName, { ...range, limit: limit + 1 });
      return items
        .map((item) => readRecord<Awaited<ReturnType<Quarantine["setAside"]>>[number]>(item))
        .filter(({ place }) => place > after)
        .slice(0, limit);
    },
    open: (queue) => openMarks(client, tableName, queue),
  };
}

async function commit(
  client: DynamoDBClient,
  table: string,
  change: QuarantineChange,
  nowMs: number,
): Promise<"committed" | "conflict"> {
  const { before, after, messages = [], released = [] } = change;
  if (messages.length > 0) await afterEffects();
  const mark = { TableName: table, Item: markItem(after, nowMs), ...isVersion(before?.version) };
  const distinct = new Map(messages.map((message) => [message.place, message]));
  const items = [
    ...[...distinct.values()].map((message) => messageItem(message)),
    ...released.map((message) => messageItem(message, nowMs)),
  ];
  checkSizes(after, items);
  const counted = totalsUpdate(table, before, after);
  const puts = [
    ...items.map((item) => ({ Put: { TableName: table, Item: item } })),
    ...(counted ? [{ Update: counted }] : []),
  ];
  for (let tries = 1; ; tries++) {
    try {
      if (puts.length === 0) await client.send(new PutItemCommand(mark));
      else await client.send(new TransactWriteItemsCommand({ TransactItems: [{ Put: mark }, ...puts] }));
      return "committed";
    } catch (error) {
      if (error instanceof Error && error.name === "ConditionalCheckFailedException") return "conflict";
      const codes = readReasons(error).map(({ Code = "None" }) => Code);
      if (codes[0] === "ConditionalCheckFailed") return "conflict";
      const mayPass = codes.some(isPassing) && codes.every((code) => code === "None" || isPassing(code));
      if (!mayPass || tries === MOST_TRIES) throw error;
      await jitteredWait(tries);
    }
  }
}

/** What is set aside waits for nobody; the effects of its batch mates, which leave at the event loop's next turn, are waited for: they go first. */
async function afterEffects(): Promise<void> {
  await setImmediate();
  await setImmediate();
}

function checkSizes({ queue, group }: GroupMark, items: readonly Item[]): void {
  const large = items.find((item) => itemBytes(item) > LARGEST_ITEM_BYTES);
  if (!large) return;
  const message = `A message of group ${JSON.stringify(group)} of ${queue} has ${itemBytes(large)} bytes, and an item of DynamoDB takes ${LARGEST_ITEM_BYTES}: it is set aside once its queue has dead-lettered it. Send large bodies by \`largeBodies\`.`;
  throw new ReliqError("item-too-large", message);
}
