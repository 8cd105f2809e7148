import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  paginateListDeadLetterSourceQueues,
  paginateListQueues,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { MeteredQueue } from "@reliq/aws/recovery";
import type { QueueCounts } from "@reliq/core";
import { inParts } from "./in-parts.ts";

/** The most queues that are looked at at once. */
const AT_ONCE = 20;

/** A queue as SQS tells of it: what it holds is approximate, and its history is not told. */
export interface HoldingQueue {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  readonly counts: Pick<QueueCounts, "delayed" | "inFlight" | "waiting">;
  readonly deadLetterTargetArn?: string;
  readonly maxReceiveCount?: number;
}

/** The queues of a region, by name. */
export async function listHoldingQueues(sqs: SQSClient): Promise<readonly HoldingQueue[]> {
  const queues = await inParts(await allUrls(sqs), AT_ONCE, (url) => describe(sqs, url));
  return queues.toSorted((a, b) => a.name.localeCompare(b.name));
}

/**
 * Queues with their dead-letter queues, as SQS tells: all of a region that are no dead-letter queue themselves, or the one that is
 * named, with those that share its dead-letter queue.
 * @throws QueueDoesNotExist for a name that is none
 */
export async function listMeteredQueues(sqs: SQSClient, named: string | undefined): Promise<readonly MeteredQueue[]> {
  if (named === undefined) {
    const queues = (await listHoldingQueues(sqs)).map(metered);
    const dead = new Set(queues.map(({ deadLetterQueue }) => deadLetterQueue?.url));
    return queues.filter(({ url }) => !dead.has(url));
  }
  const { QueueUrl = "" } = await sqs.send(new GetQueueUrlCommand({ QueueName: named }));
  const queue = metered(await describe(sqs, QueueUrl));
  const served = await sourceUrls(sqs, queue.deadLetterQueue?.url ?? queue.url);
  return served.length > 0 ? inParts(served, AT_ONCE, async (url) => metered(await describe(sqs, url))) : [queue];
}

async function allUrls(sqs: SQSClient): Promise<readonly string[]> {
  const urls: string[] = [];
  for await (const page of paginateListQueues({ client: sqs, pageSize: 1_000 }, {}))
    urls.push(...(page.QueueUrls ?? []));
  return urls;
}

async function sourceUrls(sqs: SQSClient, QueueUrl: string): Promise<readonly string[]> {
  const urls: string[] = [];
  const pages = paginateListDeadLetterSourceQueues({ client: sqs, pageSize: 1_000 }, { QueueUrl });
  for await (const page of pages) urls.push(...(page.queueUrls ?? []));
  return urls;
}

async function describe(sqs: SQSClient, url: string): Promise<HoldingQueue> {
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] }));
  const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(Attributes.RedrivePolicy ?? "{}") as {
    readonly deadLetterTargetArn?: string;
    readonly maxReceiveCount?: number | string;
  };
  return {
    name: afterLast(url, "/"),
    url,
    arn: Attributes.QueueArn ?? "",
    counts: {
      waiting: Number(Attributes.ApproximateNumberOfMessages),
      inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible),
      delayed: Number(Attributes.ApproximateNumberOfMessagesDelayed),
    },
    ...(deadLetterTargetArn !== undefined && { deadLetterTargetArn }),
    ...(maxReceiveCount !== undefined && { maxReceiveCount: Number(maxReceiveCount) }),
  };
}

/** A dead-letter queue is in the account and the region of its queue (SQS developer guide, "Using dead-letter queues"). */
function metered({ name, url, deadLetterTargetArn }: HoldingQueue): MeteredQueue {
  if (deadLetterTargetArn === undefined) return { name, url };
  const dead = afterLast(deadLetterTargetArn, ":");
  return { name, url, deadLetterQueue: { name: dead, url: `${url.slice(0, -name.length)}${dead}` } };
}

function afterLast(text: string, mark: string): string {
  return text.slice(text.lastIndexOf(mark) + 1);
}
