import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type Producer, producer } from "@reliq/aws";
import { ReliqError } from "@reliq/core";
import { type ActiveRegion, isActive, rejoin, takeOver } from "../domain/active-region.ts";
import type { QueueKey } from "../domain/queues.ts";
import { need } from "./environment.ts";
import { ordersInFlight } from "./orders-in-flight.ts";
import { twoRegions } from "./two-regions.ts";

/** How long one call goes on, milliseconds; then it says where to go on. */
const LONGEST_MS = 5_000;

/** What is asked of the function; `reliq failover` does. */
interface Request {
  readonly action: "rejoin" | "resume" | "status" | "take-over";
  /** Of `resume`: where the call before has stopped. @default at the beginning */
  readonly cursor?: string;
}

/** How things stand, and what a call has done. */
interface Answer extends ActiveRegion {
  readonly here: string;
  readonly other: string;
  /** How long until the active region works, milliseconds; 0: it does. */
  readonly waitMs: number;
  readonly looked?: number;
  readonly sent?: number;
  readonly cursor?: string;
}

const regions = twoRegions();
const tables = {
  intake: need("INTAKE_TABLE"),
  orders: need("ORDER_TABLE"),
  reservations: need("RESERVATION_TABLE"),
};
const producers = Object.fromEntries(
  Object.entries(JSON.parse(need("QUEUE_URLS")) as Readonly<Record<string, string>>).map(([key, queueUrl]) => [
    key,
    producer({ queueUrl }),
  ]),
) as Readonly<Record<QueueKey, Producer>>;

/**
 * Makes this region the active one, sends again what was in flight, or waits for the other region again; each can be repeated.
 * @throws ReliqError `one-region`, `standby-region` or `failover-action`
 */
export async function handler({ action, cursor }: Request): Promise<Answer> {
  if (!regions) throw new ReliqError("one-region", "The system runs in one region: there is none to take over.");
  const { here, other, active } = regions;
  const before = await active.read();
  const standing = (of: ActiveRegion): Answer => ({ ...of, here, other, waitMs: Math.max(0, of.sinceMs - Date.now()) });
  const change = async (after: ActiveRegion | undefined): Promise<Answer> =>
    standing(after ? await active.write(after, before) : before);
  switch (action) {
    case "status":
      return standing(before);
    case "take-over":
      return await change(takeOver(before, here, Date.now()));
    case "rejoin":
      return await change(rejoin(needActive(before, here), here));
    case "resume":
      return { ...standing(needActive(before, here)), ...(await resume(regions.client, cursor)) };
    default:
      throw new ReliqError(
        "failover-action",
        `There is no action ${JSON.stringify(action)}; there are status, take-over, resume and rejoin.`,
      );
  }
}

function needActive(active: ActiveRegion, here: string): ActiveRegion {
  if (isActive(active, here, Date.now())) return active;
  const what =
    active.region === here ? "has taken over and works in a moment" : `is in standby, and ${active.region} is active`;
  throw new ReliqError("standby-region", `${here} ${what}: ask there, or start the failover first.`, {
    retryable: true,
  });
}

async function resume(
  client: DynamoDBClient,
  from: string | undefined,
): Promise<Pick<Answer, "cursor" | "looked" | "sent">> {
  const endsAtMs = Date.now() + LONGEST_MS;
  let [looked, sent, cursor] = [0, 0, from];
  do {
    const some = await ordersInFlight(client, tables, cursor);
    const byQueue = Map.groupBy(some.messages, ({ to }) => to);
    await Promise.all([...byQueue].map(([to, all]) => producers[to].send(all.map(({ message }) => message))));
    looked += some.looked;
    sent += some.messages.length;
    cursor = some.cursor;
  } while (cursor !== undefined && Date.now() < endsAtMs);
  return { looked, sent, ...(cursor !== undefined && { cursor }) };
}
