import type { Service, World } from "../../kernel/service.ts";
import { changeMessageVisibility } from "./actions/change-message-visibility.ts";
import { changeMessageVisibilityBatch } from "./actions/change-message-visibility-batch.ts";
import { createQueue } from "./actions/create-queue.ts";
import { deleteMessage } from "./actions/delete-message.ts";
import { deleteMessageBatch } from "./actions/delete-message-batch.ts";
import { deleteQueue } from "./actions/delete-queue.ts";
import { getQueueAttributes } from "./actions/get-queue-attributes.ts";
import { getQueueUrl } from "./actions/get-queue-url.ts";
import { listQueues } from "./actions/list-queues.ts";
import { purgeQueue } from "./actions/purge-queue.ts";
import { receiveMessage } from "./actions/receive-message.ts";
import { sendMessage } from "./actions/send-message.ts";
import { sendMessageBatch } from "./actions/send-message-batch.ts";
import { setQueueAttributes } from "./actions/set-queue-attributes.ts";
import { createLongPolls } from "./long-poll.ts";
import { QUERY_SHAPES } from "./query-shapes.ts";
import { queueProvider } from "./resources.ts";
import { SCHEMA } from "./schema.ts";
import type { Sqs } from "./sqs.ts";

/** Amazon SQS, standard and FIFO queues, on both of its protocols. */
export function sqsService(world: World): Service {
  world.store.define(SCHEMA);
  const sqs: Sqs = { world, polls: createLongPolls(world) };
  return {
    name: "sqs",
    actions: {
      ChangeMessageVisibility: changeMessageVisibility(sqs),
      ChangeMessageVisibilityBatch: changeMessageVisibilityBatch(sqs),
      CreateQueue: createQueue(sqs),
      DeleteMessage: deleteMessage(sqs),
      DeleteMessageBatch: deleteMessageBatch(sqs),
      DeleteQueue: deleteQueue(sqs),
      GetQueueAttributes: getQueueAttributes(sqs),
      GetQueueUrl: getQueueUrl(sqs),
      ListQueues: listQueues(sqs),
      PurgeQueue: purgeQueue(sqs),
      ReceiveMessage: receiveMessage(sqs),
      SendMessage: sendMessage(sqs),
      SendMessageBatch: sendMessageBatch(sqs),
      SetQueueAttributes: setQueueAttributes(sqs),
    },
    json: { targetPrefix: "AmazonSQS", version: "1.0", errorNamespace: "com.amazonaws.sqs" },
    query: { namespace: "http://queue.amazonaws.com/doc/2012-11-05/", shapes: QUERY_SHAPES },
    resources: { "AWS::SQS::Queue": queueProvider(sqs) },
    stop: async () => sqs.polls.stop(),
  };
}
