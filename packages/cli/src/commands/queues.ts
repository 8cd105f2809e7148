import { type AskedRegion, askedRegion, localEndpoint, nameOf, type RegionOptions } from "../asked-region.ts";
import type { HoldingQueue } from "../aws-queues.ts";
import { printAnswer } from "../print-answer.ts";
import { formatTable } from "../print-table.ts";
import { listQueues, type Queue } from "../queues.ts";

/** `reliq queues`: what each queue holds now, and in a local region what it has seen. */
export async function queues(options: RegionOptions & { readonly json?: boolean }): Promise<void> {
  const region = await askedRegion(options);
  const local = await localEndpoint(region);
  const empty = `There are no queues in ${nameOf(region)}.`;
  if (local !== undefined) printAnswer(options, await listQueues(local), (listed) => describeQueues(listed, empty));
  else printAnswer(options, await askSqs(region), (listed) => describeHolding(listed, empty));
}

async function askSqs({ settings }: AskedRegion): Promise<readonly HoldingQueue[]> {
  const { SQSClient } = await import("@aws-sdk/client-sqs");
  const { listHoldingQueues } = await import("../aws-queues.ts");
  return listHoldingQueues(new SQSClient(settings));
}

function describeQueues(queues: readonly Queue[], empty: string): string {
  const rows = queues.map(({ counts, ...queue }) => [
    ...holding({ counts, ...queue }),
    counts.accepted + counts.movedIn,
    counts.deleted,
    deadLetterQueueOf(queue),
  ]);
  const head = ["queue", "waiting", "in flight", "delayed", "came in", "deleted", "dead-letter queue"];
  return formatTable(head, rows, empty);
}

/** What SQS tells is approximate, and no history. */
function describeHolding(queues: readonly HoldingQueue[], empty: string): string {
  const rows = queues.map((queue) => [...holding(queue), deadLetterQueueOf(queue)]);
  return formatTable(["queue", "≈ waiting", "≈ in flight", "≈ delayed", "dead-letter queue"], rows, empty);
}

function holding({ name, counts }: Pick<HoldingQueue, "counts" | "name">): readonly (number | string)[] {
  return [name, counts.waiting, counts.inFlight, counts.delayed];
}

function deadLetterQueueOf({ deadLetterTargetArn = "" }: Pick<HoldingQueue, "deadLetterTargetArn">): string {
  return deadLetterTargetArn.split(":").at(-1) ?? "";
}
