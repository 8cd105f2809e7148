import { setTimeout as wait } from "node:timers/promises";
import type { PairedRegion } from "../harness/two-regions.ts";
import { checkFailover, type EndedOrder, type FailoverHistory, type Movement } from "./failover-check.ts";
import {
  type Acknowledgement,
  makeShopOrders,
  ORDERS_PER_SECOND,
  PRODUCTS,
  type ShopOrder,
  STOCK,
  sendOrders,
} from "./failover-load.ts";
import { type Acknowledge, type FailoverSystem, withTwoRegions } from "./failover-system.ts";
import type { Violation } from "./history.ts";
import { seededRandom } from "./random.ts";

/** Orders that are sent once both regions are back: they have to be in both again. */
const AT_THE_END = 4;

/** The gateway and the carrier do what they are asked and lose some of the answers: who asks again must have the same key. */
const FAULTS = { lostAnswers: 0.1 };

/** How long the second region hears nothing of the first before that is killed, where one acknowledges alone: it goes on for so long, some steps of an order far, and takes with it what it did; milliseconds. */
const CUT_OFF_MS = 12_000;

/** What the first may take with it: what it acknowledged within so long before its end, milliseconds. */
const LOSS_WINDOW_MS = CUT_OFF_MS + 2_000;

/** How long nothing may change until what is left counts as lost, milliseconds: a payment that has failed is tried again after at most 300 s. */
const LONGEST_STILL_MS = 330_000;

/** How long the shop's tools of both regions may take to hear of a status, milliseconds. */
const LONGEST_TELLING_MS = 60_000;

interface FailoverOptions {
  readonly orders: number;
  readonly seed: number;
  readonly acknowledge: Acknowledge;
  readonly progress: (done: number) => void;
}

interface FailoverResult {
  readonly acknowledged: number;
  /** Where one region acknowledges alone: how many of its last orders the second did not have before it was back. */
  readonly cameLate: number;
  /** And how many of these were charged before. */
  readonly chargedBefore: number;
  /** From the kill until the second region was the active one, and until all that was in flight was sent again there. */
  readonly takeoverSeconds: number;
  readonly failoverSeconds: number;
  /** From the kill until a client's next order was acknowledged; missing where that was none of these any more. */
  readonly outageSeconds?: number;
  /** Half of the acknowledgements took so long or less: of the first region, and of the second, which is alone. */
  readonly medianMsOfFirst: number;
  readonly medianMsOfSecond: number;
  readonly violations: readonly Violation[];
}

/**
 * Runs the system in two regions, kills the active one in the midst of orders, has the other take over, lets the first come back, and finds what was
 * acknowledged and lost, or done twice. Where one region acknowledges alone, the first is cut off from the second before it is killed.
 */
export function chaosFailover(options: FailoverOptions): Promise<FailoverResult> {
  return withTwoRegions(STOCK, options.acknowledge, (system) => killFirst(system, options));
}

async function killFirst(
  system: FailoverSystem,
  { orders: count, seed, acknowledge, progress }: FailoverOptions,
): Promise<FailoverResult> {
  const { first, second, gateway } = system;
  await gateway.setFaults(FAULTS);
  const all = makeShopOrders(count + AT_THE_END, PRODUCTS, seededRandom(seed));
  const orders = all.slice(0, count);
  const acknowledgements: Acknowledgement[] = [];
  const halfWay = Promise.withResolvers<void>();
  const sending = sendOrders([first, second], orders, ORDERS_PER_SECOND, seededRandom(seed + 1), (acknowledged) => {
    progress(acknowledgements.push(acknowledged));
    if (acknowledgements.length >= count / 2) halfWay.resolve();
  });
  await Promise.race([halfWay.promise, sending]);
  const killedMs = await (acknowledge === "both" ? kill(first) : killCutOff(system));
  const { takeoverMs } = await system.failover<{ readonly takeoverMs: number }>("start", second);
  const failoverSeconds = secondsSince(killedMs);
  await sending;
  const ids = new Set(acknowledgements.map(({ orderId }) => orderId));
  const ofFirst = acknowledgements.filter(({ region }) => region === first.name);
  const lastOfFirst = ofFirst.filter(({ atMs }) => atMs > killedMs - LOSS_WINDOW_MS);
  const late = acknowledge === "both" ? new Set<string>() : await missingIn(system, second, lastOfFirst);
  await untilEnded(system, second, except(late, ids));
  const history = await readHistory(system, second, ids);
  const comeBack = await bringBack(system, ids, all.slice(count));
  const bySecond = acknowledgements.filter(({ region }) => region === second.name);
  const again = bySecond.toSorted((one, other) => one.atMs - other.atMs)[0];
  return {
    acknowledged: ids.size,
    cameLate: late.size,
    chargedBefore: history.movements.filter(({ orderId }) => late.has(orderId)).length,
    takeoverSeconds: takeoverMs / 1_000,
    failoverSeconds,
    ...(again && { outageSeconds: (again.atMs - killedMs) / 1_000 }),
    medianMsOfFirst: median(ofFirst),
    medianMsOfSecond: median(bySecond),
    violations: [...checkFailover(without(late, history)), ...comeBack],
  };
}

/** Gives when it was killed. */
async function kill(region: PairedRegion): Promise<number> {
  const killedMs = performance.now();
  await region.kill();
  return killedMs;
}

/** Kills the first region after it has gone on alone for a while; the second is frozen for so long, and then hears what was under way to it. */
async function killCutOff({ first, second }: FailoverSystem): Promise<number> {
  process.kill(second.pid(), "SIGSTOP");
  await wait(CUT_OFF_MS);
  const killedMs = await kill(first);
  process.kill(second.pid(), "SIGCONT");
  return killedMs;
}

/** Those of these orders that have not come to a region. */
async function missingIn(
  { items }: FailoverSystem,
  region: PairedRegion,
  acknowledgements: readonly Acknowledgement[],
): Promise<ReadonlySet<string>> {
  const kept = new Set((await items<{ readonly orderId: string }>(region, "intake")).map(({ orderId }) => orderId));
  return except(kept, new Set(acknowledgements.map(({ orderId }) => orderId)));
}

function except(others: ReadonlySet<string>, ids: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...ids].filter((id) => !others.has(id)));
}

/** What is left of a history where nothing is asked of these orders yet. */
function without(late: ReadonlySet<string>, history: FailoverHistory): FailoverHistory {
  return {
    ...history,
    acknowledged: except(late, history.acknowledged),
    movements: history.movements.filter(({ orderId }) => !late.has(orderId)),
    parcels: history.parcels.filter((orderId) => !late.has(orderId)),
  };
}

/** The first region comes back with what it could not tell any more: nothing of that may undo what the second has done since. */
async function bringBack(
  system: FailoverSystem,
  before: ReadonlySet<string>,
  orders: readonly ShopOrder[],
): Promise<readonly Violation[]> {
  const { first, second } = system;
  await first.start();
  await untilAlike(system);
  await system.failover("rejoin", second);
  await sendOrders([second, first], orders, ORDERS_PER_SECOND, seededRandom(0), () => {});
  const ids = new Set([...before, ...orders.map(({ orderId }) => orderId)]);
  await untilEnded(system, second, ids);
  const untold = await notTold(
    system,
    orders.map(({ orderId }) => orderId),
  );
  return [...(await untilBalanced(system, ids)), ...untold];
}

/** Orders of which the shop's tools in either region have not heard how they ended: each region's topics tell both. */
async function notTold(system: FailoverSystem, ids: readonly string[]): Promise<readonly Violation[]> {
  const { first, second, items } = system;
  const ended = await items<EndedOrder>(second, "orders");
  const expected = ended
    .filter(({ orderId }) => ids.includes(orderId))
    .map(({ orderId, status }) => `${orderId} ${status}`);
  const endsMs = performance.now() + LONGEST_TELLING_MS;
  for (;;) {
    const missing: Violation[] = [];
    for (const region of [first, second]) {
      const told = await items<Pick<EndedOrder, "orderId" | "status">>(region, "tracking");
      const heard = new Set(told.map(({ orderId, status }) => `${orderId} ${status}`));
      const evidence = expected.filter((each) => !heard.has(each));
      missing.push(
        ...evidence.map((each) => ({ kind: "lost" as const, evidence: `${region.name} has not heard of ${each}` })),
      );
    }
    if (missing.length === 0 || performance.now() > endsMs) return missing;
    await wait(500);
  }
}

/** Gives what is wrong in either region once what came late is counted: it goes the way of a message. */
async function untilBalanced(system: FailoverSystem, ids: ReadonlySet<string>): Promise<readonly Violation[]> {
  const { first, second } = system;
  const endsMs = performance.now() + LONGEST_STILL_MS;
  for (;;) {
    await untilAlike(system);
    const [here, there] = [
      checkFailover(await readHistory(system, first, ids)),
      checkFailover(await readHistory(system, second, ids)),
    ];
    if (here.length + there.length === 0 || performance.now() > endsMs)
      return [...here.map(cameLate(first)), ...there.map(cameLate(second))];
    await wait(1_000);
  }
}

function cameLate({ name }: PairedRegion): (violation: Violation) => Violation {
  return ({ kind, evidence }) => ({ kind, evidence: `once both regions were back, in ${name}: ${evidence}` });
}

/** Waits until both regions have the same orders and stock. */
async function untilAlike(system: FailoverSystem): Promise<void> {
  const endsMs = performance.now() + LONGEST_STILL_MS;
  const read = async (region: PairedRegion): Promise<string> => {
    const tables = await Promise.all(["orders", "stock"].map((table) => system.items<object>(region, table)));
    return JSON.stringify(
      tables
        .flat()
        .map((item) => JSON.stringify(Object.entries(item).sort()))
        .sort(),
    );
  };
  while (performance.now() < endsMs) {
    const [one, other] = await Promise.all([read(system.first), read(system.second)]);
    if (one === other) return;
    await wait(500);
  }
  throw new Error("The regions do not come to be alike.");
}

/** Lets the work go on undisturbed until every order has ended. */
async function untilEnded(system: FailoverSystem, region: PairedRegion, ids: ReadonlySet<string>): Promise<void> {
  let last = "";
  let changedMs = performance.now();
  while (performance.now() - changedMs < LONGEST_STILL_MS) {
    const orders = await system.items<EndedOrder>(region, "orders");
    const statuses = new Map(orders.map(({ orderId, status }) => [orderId, status]));
    const open = [...ids].filter((id) => !["shipped", "cancelled", "rejected"].includes(statuses.get(id) ?? ""));
    if (open.length === 0) return;
    const now = JSON.stringify([...statuses]);
    if (now !== last) changedMs = performance.now();
    last = now;
    await wait(500);
  }
}

async function readHistory(
  { gateway, items }: FailoverSystem,
  region: PairedRegion,
  acknowledged: ReadonlySet<string>,
): Promise<FailoverHistory> {
  const stock = await items<{ readonly productId: string; readonly available: number }>(region, "stock");
  return {
    acknowledged,
    orders: await items<EndedOrder>(region, "orders"),
    movements: Object.values(await gateway.known<Movement>("movements")),
    parcels: Object.keys(await gateway.known("parcels")),
    stock: Object.fromEntries(stock.map(({ productId, available }) => [productId, available])),
    stockAtFirst: STOCK,
  };
}

function median(acknowledgements: readonly Acknowledgement[]): number {
  const sorted = acknowledgements.map(({ tookMs }) => tookMs).sort((one, other) => one - other);
  return Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0);
}

function secondsSince(ms: number): number {
  return (performance.now() - ms) / 1_000;
}
