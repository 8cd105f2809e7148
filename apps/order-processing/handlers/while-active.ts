import { setTimeout as wait } from "node:timers/promises";
import { ReliqError } from "@reliq/core";
import {
  type ActiveRegion,
  isActive,
  KNOWN_MS,
  LONGEST_ASKING_ALONE_MS,
  LONGEST_ASKING_MS,
  laterOf,
} from "../domain/active-region.ts";
import { type TwoRegions, twoRegions } from "./two-regions.ts";

/** What is asked of two regions. */
type AskedRegions = Pick<TwoRegions, "acknowledge" | "active" | "here" | "other" | "otherActive">;

/**
 * A handler that works while its region is the active one, or the only one; in standby it gives what `inStandby` makes of the active region's name.
 * @throws ReliqError `region-unknown`, by the handler, where the other region cannot be asked and each order is to be in both: it may have taken over
 */
export function whileActive<Given extends readonly unknown[], Answer>(
  handler: (...given: Given) => Promise<Answer>,
  inStandby: (active: string, given: NoInfer<Given>) => Answer,
  regions: AskedRegions | undefined = twoRegions(),
): (...given: Given) => Promise<Answer> {
  if (!regions) return handler;
  const read = kept(regions);
  return async (...given) => {
    const active = await read();
    return isActive(active, regions.here, Date.now()) ? await handler(...given) : inStandby(active.region, given);
  };
}

/** Refuses a batch: its messages stay where they are, for when this region is active. @throws ReliqError `standby-region` */
export function refuseBatch(active: string): never {
  throw new ReliqError("standby-region", `This region is in standby: ${active} is the active one, and does this work.`);
}

function kept(regions: AskedRegions): () => Promise<ActiveRegion> {
  let known: { readonly value: Promise<ActiveRegion>; readonly untilMs: number } | undefined;
  let hasHeard = false;
  return () => {
    if (!known || known.untilMs <= Date.now()) {
      const value = readBoth(regions, hasHeard, () => (hasHeard = true));
      const reading = { value, untilMs: Date.now() + KNOWN_MS };
      known = reading;
      value.catch(() => {
        if (known === reading) known = undefined;
      });
    }
    return known.value;
  };
}

/** A region that comes back has missed what the other has done: it asks, before it works on what it finds. */
async function readBoth(
  { here, other, active, otherActive, acknowledge }: AskedRegions,
  hasHeard: boolean,
  heard: () => void,
): Promise<ActiveRegion> {
  // It goes on where it is not waited for, and the next one finds its connection.
  const asking = otherActive.read(AbortSignal.timeout(LONGEST_ASKING_MS)).catch(() => undefined);
  const mine = await active.read();
  if (mine.region === here && mine.isAlone) return mine;
  const isBrief = acknowledge === "one" && hasHeard;
  const theirs = await (isBrief ? Promise.race([asking, wait(LONGEST_ASKING_ALONE_MS, undefined)]) : asking);
  if (theirs) {
    heard();
    return laterOf(mine, theirs);
  }
  if (acknowledge === "one") return mine;
  const what = `${other} does not say whether it has taken over`;
  const advice = "where it is lost, `reliq failover start` has this region go on alone";
  throw new ReliqError("region-unknown", `${what}, so ${here} does not work: ${advice}.`, { retryable: true });
}
