import { setTimeout as wait } from "node:timers/promises";
import { functionProcesses } from "../harness/processes.ts";
import { PRODUCTS, type Shop, STOCK, withShop } from "./load-shop.ts";

/** How many of a hundred orders are sent twice. */
const SENT_TWICE = 5;

/** The longest between two kills of a function's process, milliseconds. */
const LONGEST_PEACE_MS = 6_000;

/** A tenth of the requests to the gateway and the carrier is refused, of the others a twentieth is done and not answered, some parcels are not taken. */
const FAULTS = { refused: 0.1, lostAnswers: 0.05, undeliverable: 0.03 };

const VICTIMS = ["orders", "payments", "inventory", "shipping", "outbox", "announce"];

/** What killed functions had in hand comes back after the longest visibility timeout, 10 minutes. */
const JUMP_SECONDS = 660;
const MOST_JUMPS = 12;

/** What is left of whole orders under faults: everything but `orders`, `kills` and `jumps` is to be 0. */
export interface FaultLoad {
  readonly orders: number;
  readonly kills: number;
  readonly jumps: number;
  /** Accepted, and not shipped, cancelled or rejected in the end. */
  readonly unfinished: number;
  readonly chargedTwice: number;
  /** Orders whose money does not fit how they ended. */
  readonly moneyWrong: number;
  readonly negativeStock: number;
  /** Pieces that are neither on a shelf nor in a shipped order. */
  readonly stockLeaked: number;
}

/** How many orders are placed: so many a second, for so many seconds. */
interface Placing {
  readonly seconds: number;
  readonly perSecond: number;
}

/** Has orders go their whole way while the gateway fails, answers get lost, functions are killed and orders come twice; then judges money and stock. */
export async function benchFaults(placing: Placing): Promise<FaultLoad> {
  return await withShop(FAULTS, async (shop) => {
    const peace = new AbortController();
    const killing = killUntil(shop, peace.signal);
    const accepted = await place(shop, placing);
    peace.abort();
    const kills = await killing;
    console.error(`${accepted.length} orders are accepted, ${kills} functions were killed`);
    const jumps = await untilFinished(shop, accepted);
    return { orders: accepted.length, kills, jumps, ...(await judge(shop, accepted)) };
  });
}

async function place({ endpoint }: Shop, { seconds, perSecond }: Placing): Promise<readonly string[]> {
  const accepted = new Set<string>();
  const running: Promise<void>[] = [];
  const post = async (orderId: string, number: number): Promise<void> => {
    const items = [{ productId: `p-${number % PRODUCTS}`, quantity: 1 + (number % 3), unitPrice: 2.5 }];
    const totalAmount = (1 + (number % 3)) * 2.5;
    const priority = number % 10 === 0 ? "high" : "normal";
    const body = JSON.stringify({ orderId, customerId: `c-${number % 50}`, items, totalAmount, priority });
    const answer = await fetch(`${endpoint}/_api/order-processing/orders`, { method: "POST", body }).catch(() => {});
    await answer?.body?.cancel();
    if (answer?.status === 202) accepted.add(orderId);
  };
  const began = performance.now();
  for (let number = 0; number < seconds * perSecond; number++) {
    await wait(Math.max(0, began + (number / perSecond) * 1_000 - performance.now()));
    running.push(post(`o-${number}`, number));
    if (number % 100 < SENT_TWICE) running.push(post(`o-${number}`, number));
  }
  await Promise.allSettled(running);
  return [...accepted];
}

async function killUntil({ pid }: Shop, peace: AbortSignal): Promise<number> {
  let kills = 0;
  for (let turn = 0; !peace.aborted; turn++) {
    await wait(Math.random() * LONGEST_PEACE_MS);
    const [first, ...others] = functionProcesses(pid, `order-processing-${VICTIMS[turn % VICTIMS.length]}`);
    const victim = [first, ...others][Math.floor(Math.random() * (1 + others.length))];
    if (victim === undefined) continue;
    process.kill(victim, "SIGKILL");
    kills++;
  }
  return kills;
}

const ENDED = ["shipped", "cancelled", "rejected"];

/** Lets the work go on; where it stands still, time jumps over what killed functions had in hand. */
async function untilFinished(shop: Shop, accepted: readonly string[]): Promise<number> {
  let [least, changedMs, jumps] = [Number.POSITIVE_INFINITY, performance.now(), 0];
  for (;;) {
    const ended = new Set(
      (await shop.items("orders")).filter(({ status }) => ENDED.includes(String(status))).map(({ orderId }) => orderId),
    );
    const left = accepted.filter((orderId) => !ended.has(orderId)).length;
    if (left === 0 || jumps === MOST_JUMPS) return jumps;
    if (left < least) [least, changedMs] = [left, performance.now()];
    if (performance.now() - changedMs > 20_000) {
      const body = JSON.stringify({ seconds: JUMP_SECONDS, waitSeconds: 60 });
      const jumped = await fetch(`${shop.endpoint}/_reliq/jump`, { method: "POST", body });
      console.error(`${left} orders are left; time jumps: ${jumped.status}`);
      await jumped.body?.cancel();
      jumps++;
      changedMs = performance.now();
    }
    console.error(`${left} orders are left`);
    await wait(5_000);
  }
}

interface Movement {
  readonly kind: "charges" | "refunds";
  readonly orderId: string;
  readonly amountCents: number;
}

async function judge(shop: Shop, accepted: readonly string[]): Promise<Omit<FaultLoad, "jumps" | "kills" | "orders">> {
  const orders = new Map((await shop.items("orders")).map((order) => [String(order["orderId"]), order]));
  const movements = Map.groupBy(Object.values(await shop.known<Movement>("movements")), ({ orderId }) => orderId);
  const stock = await shop.items("stock");
  const count = (orderId: string, kind: Movement["kind"]): number =>
    (movements.get(orderId) ?? []).filter((each) => each.kind === kind).length;
  const isWrong = (orderId: string): boolean => {
    const { status, amountCents } = orders.get(orderId) ?? {};
    const sum = (movements.get(orderId) ?? []).reduce((total, each) => {
      return total + (each.kind === "charges" ? each.amountCents : -each.amountCents);
    }, 0);
    return sum !== (status === "shipped" ? amountCents : 0);
  };
  const shelved = stock.reduce((sum, { available }) => sum + Number(available), 0);
  const shipped = [...orders.values()].filter(({ status }) => status === "shipped");
  const sold = shipped
    .flatMap(({ items }) => items as readonly { readonly quantity: number }[])
    .reduce((sum, { quantity }) => sum + quantity, 0);
  return {
    unfinished: accepted.filter((orderId) => !ENDED.includes(String(orders.get(orderId)?.["status"]))).length,
    chargedTwice: accepted.filter((orderId) => count(orderId, "charges") > 1).length,
    moneyWrong: accepted.filter(isWrong).length,
    negativeStock: stock.filter(({ available }) => Number(available) < 0).length,
    stockLeaked: Math.abs(PRODUCTS * STOCK - shelved - sold),
  };
}
