import type { Clock } from "./clock.ts";
import { type JumpingClock, jumpingClock } from "./jumping-clock.ts";
import type { Store } from "./store.ts";

const SCHEMA = `CREATE TABLE IF NOT EXISTS region_time (
  id INTEGER PRIMARY KEY CHECK (id = 0),
  aheadMs INTEGER NOT NULL
)`;

/** The region's time: the machine's, and what the region has jumped ahead, which its state keeps. */
export interface RegionTime {
  readonly clock: Clock;
  /** How far the region is ahead of the machine's time, milliseconds. */
  aheadMs(): number;
  /** Jumps at once, and resolves when all that is due by then has begun; undefined where jumps are off. */
  readonly jump?: (ms: number) => Promise<void>;
}

/** Opens the time that a state directory keeps; a region that has jumped stays ahead, also where jumps are off now. */
export function openRegionTime(store: Store, machine: Clock, jumps: boolean): RegionTime {
  store.define(SCHEMA);
  const aheadMs = Number(store.statement("SELECT aheadMs FROM region_time").get()?.["aheadMs"] ?? 0);
  if (!jumps && aheadMs === 0) return { clock: machine, aheadMs: () => 0 };
  const clock = jumpingClock(machine, aheadMs);
  return { clock, aheadMs: clock.aheadMs, ...(jumps && { jump: (ms: number) => jumpInState(store, clock, ms) }) };
}

/** Not a transaction, which would wait for others: nothing may happen between the row and the jump. Killed after the row, the region has jumped. */
function jumpInState(store: Store, clock: JumpingClock, ms: number): Promise<void> {
  store
    .statement("INSERT INTO region_time VALUES (0, ?) ON CONFLICT DO UPDATE SET aheadMs = excluded.aheadMs")
    .run(clock.aheadMs() + ms);
  return clock.jump(ms);
}
