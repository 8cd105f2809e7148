import type { World } from "../../kernel/service.ts";
import { encodeKey } from "./items/key.ts";
import { writeItem } from "./items/write.ts";
import { trimStreams } from "./streams/stream.ts";
import { tableById } from "./tables/catalog.ts";
import type { Item } from "./values/attribute-value.ts";

/** How long an expired item stays to be seen, milliseconds: on AWS up to days (developer guide, "Time to Live"). */
const LINGER_MS = 60_000;

/** An expiry that lies longer back than this is taken for a mistake, and the item stays (developer guide, "Time to Live": five years). */
const OLDEST_EXPIRY_SECONDS = 5 * 365 * 24 * 60 * 60;

/** How many items one sweep deletes: writes wait for it no longer than that takes. */
const SWEEP_ITEMS = 500;

/** Work in the background, between `start` and `stop`. */
export interface ExpirySweep {
  start(): void;
  /** Resolves when nothing of it runs. */
  stop(): Promise<void>;
}

/** Deletes expired items some time after their expiry, and stream records after a day, by the region's clock. */
export function expirySweep(world: World): ExpirySweep {
  let cancel = (): void => undefined;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;
  const arm = (): void => {
    cancel = world.clock.at(world.clock.now() + LINGER_MS, () => {
      running = sweep();
    });
  };
  const sweep = async (): Promise<void> => {
    try {
      await world.store.transaction(() => trimStreams(world));
      while (!stopped && (await world.store.transaction(() => deleteExpired(world))) === SWEEP_ITEMS);
    } catch (error) {
      world.report(`Expired items and stream records of DynamoDB could not be deleted: ${String(error)}`);
    }
    if (!stopped) arm();
  };
  return {
    start: arm,
    stop: () => {
      stopped = true;
      cancel();
      return running;
    },
  };
}

/** Deletes some expired items; returns how many. */
function deleteExpired(world: World): number {
  const nowSeconds = Math.floor(world.clock.now() / 1000);
  const rows = world.store
    .statement(
      "SELECT table_id, bytes, item FROM dynamodb_item WHERE expires_at_seconds BETWEEN ? AND ? ORDER BY expires_at_seconds LIMIT ?",
    )
    .all(nowSeconds - OLDEST_EXPIRY_SECONDS, nowSeconds, SWEEP_ITEMS);
  for (const row of rows) {
    const table = tableById(world, Number(row["table_id"]));
    const item = JSON.parse(String(row["item"])) as Item;
    const before = { item, bytes: Number(row["bytes"]) };
    writeItem(world, { table, key: encodeKey(table.key, item), before, after: undefined, expired: true });
  }
  return rows.length;
}
