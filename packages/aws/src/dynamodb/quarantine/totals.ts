import type { DynamoDBClient, Update } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { GroupMark, QuarantineTotals } from "@reliq/core/recovery";
import { readRange } from "../failure-store/query.ts";
import { openList } from "./records.ts";

/** Over so many items a queue's counts are spread, so that its groups do not wait for each other. */
const SPREAD = 16;

const COUNTED = ["setAside", "sent", "dropped", "letters"] as const;

/** What a change of a mark adds to its queue's counts; undefined where nothing. */
export function totalsUpdate(
  table: string,
  before: GroupMark | undefined,
  after: GroupMark,
): (Update & { UpdateExpression: string }) | undefined {
  const added = COUNTED.map((name) => [name, after[name] - (before?.[name] ?? 0)] as const);
  if (added.every(([, count]) => count === 0)) return undefined;
  return {
    TableName: table,
    Key: marshall({ pk: openList(after.queue), sk: `totals#${String(spread(after.group)).padStart(2, "0")}` }),
    UpdateExpression: `ADD ${added.map(([name]) => `#${name} :${name}`).join(", ")}`,
    ExpressionAttributeNames: Object.fromEntries(added.map(([name]) => [`#${name}`, name])),
    ExpressionAttributeValues: marshall(Object.fromEntries(added.map(([name, count]) => [`:${name}`, count]))),
  };
}

/** A queue's counts of all its groups; undefined where none was ever held. */
export async function quarantineTotals(
  client: DynamoDBClient,
  table: string,
  queue: string,
): Promise<QuarantineTotals | undefined> {
  const items = await readRange(client, table, { partition: openList(queue), from: "totals#", to: "totals$" });
  if (items.length === 0) return undefined;
  const all = items.map((item) => unmarshall(item));
  const sum = (name: keyof QuarantineTotals): number => all.reduce((before, each) => before + (each[name] ?? 0), 0);
  return { setAside: sum("setAside"), sent: sum("sent"), dropped: sum("dropped"), letters: sum("letters") };
}

/** The same group is always counted in the same item. */
function spread(group: string): number {
  let sum = 0;
  for (let index = 0; index < group.length; index++) sum = (sum * 31 + group.charCodeAt(index)) % 1_000_003;
  return sum % SPREAD;
}
