import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { readAlarms } from "@reliq/aws/region";
import type { LiveFacts, LiveQueue } from "@reliq/console";
import { whatIsWrong } from "@reliq/core/recovery";
import { accountsOf, type NamedAccount } from "../accounts.ts";
import { clientSettings } from "../client-settings.ts";
import { failureStores, readTotals } from "../failure-stores.ts";
import { oncePerDeployment } from "../once-per-deployment.ts";
import { listQueues, type QueueFamily, queueFamilies } from "../queues.ts";
import { regionStatus } from "../region-client.ts";

/** How often alarms are read, milliseconds: the region evaluates none of them more often. */
const ALARMS_MS = 5_000;

/**
 * Reads what the pages show live, over and over: each queue's account, what failure stores have, and how the alarms stand. What only a
 * deployment changes is read once after it.
 */
export function liveReader(endpoint: string): () => Promise<LiveFacts> {
  const storesOf = oncePerDeployment(() => failureStores(endpoint));
  const cloudwatch = new CloudWatchClient(clientSettings(endpoint));
  let alarms: LiveFacts["alarms"] = [];
  let alarmsReadAtMs = 0;
  return async () => {
    const { now, stacks } = await regionStatus(endpoint);
    if (Date.now() - alarmsReadAtMs >= ALARMS_MS) {
      alarms = (await readAlarms(cloudwatch)).map(({ name, state }) => ({ name, state }));
      alarmsReadAtMs = Date.now();
    }
    const [queues, totals] = await Promise.all([listQueues(endpoint), storesOf(stacks).then(readTotals)]);
    const families = queueFamilies(queues);
    const accounts = accountsOf(families, totals);
    const live = families.map((family, index) => liveQueue(family, accounts[index] as NamedAccount));
    return { atMs: Date.parse(now), queues: live, totals, alarms };
  };
}

function liveQueue({ sources, deadLetterQueue }: QueueFamily, named: NamedAccount): LiveQueue {
  const { queue, messages: _, ...account } = named;
  const wrong = whatIsWrong(named);
  const maxReceiveCount = sources[0]?.maxReceiveCount;
  return {
    queue,
    account,
    ageSeconds: Math.max(...sources.map((each) => each.oldestAgeSeconds)),
    ...(deadLetterQueue && { deadLetterQueue: deadLetterQueue.name }),
    ...(maxReceiveCount !== undefined && { maxReceiveCount }),
    ...(wrong !== undefined && { wrong }),
  };
}
