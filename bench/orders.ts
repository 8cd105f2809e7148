import { type HealthyGroups, measureHealthyGroups } from "./orders-healthy.ts";
import { measureOrderedThroughput, type OrderedThroughput } from "./orders-throughput.ts";

/** Ordered processing: what held groups cost the others, and what order and exactly once cost a FIFO queue's throughput. */
export async function benchOrders(): Promise<HealthyGroups & OrderedThroughput> {
  const healthy = await measureHealthyGroups();
  const throughput = await measureOrderedThroughput();
  return { ...healthy, ...throughput };
}
