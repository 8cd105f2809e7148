import { PublishBatchCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { Downstream } from "@reliq/aws/downstream";
import { chunks, DependencyFailure } from "@reliq/core";
import type { Notice, Notices } from "../domain/events.ts";

/** The most entries of one PublishBatch (SNS API reference). */
const MOST_ENTRIES = 10;

/** Tells a topic; the attribute `type` is there to filter by. @throws DependencyFailure where the topic did not take all of them */
export function snsNotices(client: SNSClient, topicArn: string, service: Downstream): Notices {
  return {
    tell: async (notices) => {
      for (const batch of chunks(notices, MOST_ENTRIES)) {
        await service.call(({ signal }) => publish(client, topicArn, batch, signal));
      }
    },
  };
}

async function publish(
  client: SNSClient,
  topicArn: string,
  notices: readonly Notice[],
  abortSignal: AbortSignal,
): Promise<void> {
  const entries = notices.map((notice, index) => ({
    Id: String(index),
    Message: JSON.stringify(notice),
    MessageAttributes: { type: { DataType: "String", StringValue: notice.type } },
  }));
  const publishing = new PublishBatchCommand({ TopicArn: topicArn, PublishBatchRequestEntries: entries });
  const { Failed = [] } = await client.send(publishing, { abortSignal });
  const [first] = Failed;
  if (first) throw new DependencyFailure(`${Failed.length} notices were not taken: ${first.Code}: ${first.Message}`);
}
