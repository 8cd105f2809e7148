import type { LiveFacts, LiveQueue } from "@reliq/console";
import { whatIsWrong } from "@reliq/core/recovery";
import { accountsOf } from "../accounts.ts";
import { listQueues, queueFamilies } from "../queues.ts";
import { regionStatus } from "../region-client.ts";
import { readAlarmStates } from "./cloudwatch-facts.ts";
import { failureTables, readTotals } from "./totals-by-system.ts";

/** What the pages show live: each queue's account, what failure stores have, and how the alarms stand. */
export async function readLive(endpoint: string): Promise<LiveFacts> {
  const [{ now }, queues, totals, alarms] = await Promise.all([
    regionStatus(endpoint),
    listQueues(endpoint),
    readTotals(endpoint, await failureTables(endpoint)),
    readAlarmStates(endpoint),
  ]);
  const families = queueFamilies(queues);
  const accounts = accountsOf(families, totals);
  return {
    atMs: Date.parse(now),
    queues: families.flatMap((family, index): readonly LiveQueue[] => {
      const named = accounts[index];
      if (named === undefined) return [];
      const { queue, messages: _, ...account } = named;
      const wrong = whatIsWrong(named);
      return [
        {
          queue,
          account,
          ageSeconds: Math.max(...family.sources.map((each) => each.oldestAgeSeconds)),
          ...(family.deadLetterQueue && { deadLetterQueue: family.deadLetterQueue.name }),
          ...(family.sources[0]?.maxReceiveCount !== undefined && {
            maxReceiveCount: family.sources[0].maxReceiveCount,
          }),
          ...(wrong !== undefined && { wrong }),
        },
      ];
    }),
    totals,
    alarms,
  };
}
