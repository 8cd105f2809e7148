import { quantile } from "reliq/gameday";
import { makeShopOrders, ORDERS_PER_SECOND, PRODUCTS, STOCK, sendOrders } from "../chaos/failover-load.ts";
import { type Acknowledge, withTwoRegions } from "../chaos/failover-system.ts";
import { seededRandom } from "../chaos/random.ts";

/** How long an order's acknowledgement takes, milliseconds. */
interface AcknowledgeTimes {
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** What it costs that both regions have an order before it is acknowledged. */
interface RegionsBench {
  readonly both: AcknowledgeTimes;
  readonly one: AcknowledgeTimes;
}

/** Orders that warm up, and those that count. */
const WARM_UP = 80;
const ORDERS = 240;

/** Sends the same orders to two regions that acknowledge them once both have them, and to two that ask one alone. */
export async function benchRegions(): Promise<RegionsBench> {
  return { both: await measure("both"), one: await measure("one") };
}

function measure(acknowledge: Acknowledge): Promise<AcknowledgeTimes> {
  return withTwoRegions(STOCK, acknowledge, async ({ first, second }) => {
    const orders = makeShopOrders(WARM_UP + ORDERS, PRODUCTS, seededRandom(1));
    const tookMs: number[] = [];
    await sendOrders([first, second], orders, ORDERS_PER_SECOND, seededRandom(2), (acknowledged) => {
      if (acknowledged.region !== first.name) throw new Error(`${first.name} did not take ${acknowledged.orderId}.`);
      tookMs.push(acknowledged.tookMs);
    });
    const counted = tookMs.slice(WARM_UP);
    const times = { p50Ms: rounded(quantile(counted, 0.5)), p95Ms: rounded(quantile(counted, 0.95)) };
    console.error(
      `acknowledge ${acknowledge}: P50 ${times.p50Ms} ms, P95 ${times.p95Ms} ms of ${counted.length} orders`,
    );
    return times;
  });
}

function rounded(ms: number): number {
  return Number(ms.toFixed(1));
}
