import type { RecoveryRulesOfQueues } from "@reliq/core/recovery";
import type { RecoveryOptions } from "./recovery-handler.ts";

/** What core has to know of the queues that recovery serves. */
export function rulesOf({ policy, repairs, queues }: RecoveryOptions): RecoveryRulesOfQueues {
  const longest = new Map(
    queues.map(({ name, maxReceiveCount, visibilitySeconds }) => [name, maxReceiveCount * visibilitySeconds]),
  );
  const names = queues.map(({ name }) => name);
  return { policy, repairs, queues: names, longestSeconds: (queue) => longest.get(queue) ?? 43_200 };
}
