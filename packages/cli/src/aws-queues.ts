import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  paginateListDeadLetterSourceQueues,
  paginateListQueues,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { MeteredQueue } from "@reliq/aws/recovery";
import { inParts } from "./in-parts.ts";

/** The most queues that are looked at at once. */
const AT_ONCE = 20;

/**
 * Queues with their dead-letter queues, as SQS tells: all of a region that are no dead-letter queue themselves, or the one that is
 * named, with those that share its dead-letter queue.
 * @throws QueueDoesNotExist for a name that is none
 */
export async function listMeteredQueues(sqs: SQSClient, named: string | undefined): Promise<readonly MeteredQueue[]> {
  if (named === undefined) {
    const queues = await describeAll(sqs, await allUrls(sqs));
    const dead = new Set(queues.map(({ deadLetterQueue }) => deadLetterQueue?.url));
    return queues.filter(({ url }) => !dead.has(url));
  }
  const { QueueUrl = "" } = await sqs.send(new GetQueueUrlCommand({ QueueName: named }));
  const queue = await describe(sqs, QueueUrl);
  const served = await sourceUrls(sqs, queue.deadLetterQueue?.url ?? queue.url);
  return served.length > 0 ? describeAll(sqs, served) : [queue];
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

function describeAll(sqs: SQSClient, urls: readonly string[]): Promise<readonly MeteredQueue[]> {
  return inParts(urls, AT_ONCE, (url) => describe(sqs, url));
}

/** A dead-letter queue is in the account and the region of its queue (SQS developer guide, "Using dead-letter queues"). */
async function describe(sqs: SQSClient, url: string): Promise<MeteredQueue> {
  const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["RedrivePolicy"] });
  const { Attributes } = await sqs.send(command);
  const name = afterLast(url, "/");
  const policy = JSON.parse(Attributes?.RedrivePolicy ?? "{}") as { readonly deadLetterTargetArn?: string };
  if (policy.deadLetterTargetArn === undefined) return { name, url };
  const dead = afterLast(policy.deadLetterTargetArn, ":");
  return { name, url, deadLetterQueue: { name: dead, url: `${url.slice(0, -name.length)}${dead}` } };
}

function afterLast(text: string, mark: string): string {
  return text.slice(text.lastIndexOf(mark) + 1);
}
