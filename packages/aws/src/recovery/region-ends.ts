import { ENVELOPE_ATTRIBUTE, lineageOf } from "@reliq/core";
import type { EndedMessage } from "@reliq/core/recovery";

/** Where a queue of the local region is, and the queue whose messages it has, where it is a dead-letter queue. */
export interface EndsOf {
  readonly url: string;
  readonly source: string;
}

interface DescribedEnd {
  readonly MessageId: string;
  readonly Kind: EndedMessage["kind"];
  readonly EndedAt: number;
  readonly DeadLetterSource?: string;
  readonly MessageAttributes: Readonly<Record<string, { readonly StringValue?: string }>>;
}

/** Messages of queues that ended without their consumers, as the local region tells of each queue's newest 1,000; SQS itself keeps no such history. */
export async function regionEnds(endpoint: string, queues: readonly EndsOf[]): Promise<readonly EndedMessage[]> {
  return (await Promise.all(queues.map((queue) => endsOf(endpoint, queue)))).flat();
}

async function endsOf(endpoint: string, { url: QueueUrl, source }: EndsOf): Promise<readonly EndedMessage[]> {
  const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-target": "AmazonSQS.ReliqListEnds" };
  const answer = await fetch(endpoint, { method: "POST", headers, body: JSON.stringify({ QueueUrl }) });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  const { Ends } = (await answer.json()) as { Ends: readonly DescribedEnd[] };
  return Ends.map(({ MessageId: messageId, Kind, EndedAt, DeadLetterSource, MessageAttributes }) => ({
    messageId,
    queue: DeadLetterSource ?? source,
    lineage: lineage(messageId, MessageAttributes[ENVELOPE_ATTRIBUTE]?.StringValue),
    kind: Kind,
    endedAtMs: EndedAt,
  }));
}

function lineage(messageId: string, envelope: string | undefined): string {
  const attributes =
    envelope === undefined ? {} : { [ENVELOPE_ATTRIBUTE]: { dataType: "String", stringValue: envelope } };
  return lineageOf({ messageId, attributes });
}
