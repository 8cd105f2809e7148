import type { Service, World } from "../../kernel/service.ts";
import { cancelMessageMoveTask } from "./actions/cancel-message-move-task.ts";
import { changeMessageVisibility } from "./actions/change-message-visibility.ts";
import { changeMessageVisibilityBatch } from "./actions/change-message-visibility-batch.ts";
import { createQueue } from "./actions/create-queue.ts";
import { deleteMessage } from "./actions/delete-message.ts";
import { deleteMessageBatch } from "./actions/delete-message-batch.ts";
import { deleteQueue } from "./actions/delete-queue.ts";
import { getQueueAttributes } from "./actions/get-queue-attributes.ts";
import { getQueueUrl } from "./actions/get-queue-url.ts";
import { listDeadLetterSourceQueues } from "./actions/list-dead-letter-source-queues.ts";
import { listMessageMoveTasks } from "./actions/list-message-move-tasks.ts";
import { listQueueTags } from "./actions/list-queue-tags.ts";
import { listQueues } from "./actions/list-queues.ts";
import { purgeQueue } from "./actions/purge-queue.ts";
import { receiveMessage } from "./actions/receive-message.ts";
import { reliqDescribeQueues } from "./actions/reliq-describe-queues.ts";
import { reliqListEnds } from "./actions/reliq-list-ends.ts";
import { reliqPeekMessages } from "./actions/reliq-peek-messages.ts";
import { sendMessage } from "./actions/send-message.ts";
import { sendMessageBatch } from "./actions/send-message-batch.ts";
import { setQueueAttributes } from "./actions/set-queue-attributes.ts";
import { startMessageMoveTask } from "./actions/start-message-move-task.ts";
import { tagQueue } from "./actions/tag-queue.ts";
import { untagQueue } from "./actions/untag-queue.ts";
import { createLongPolls } from "./long-poll.ts";
import { createMessageMover } from "./message-mover.ts";
import { QUERY_SHAPES } from "./query-shapes.ts";
import { createQueueMetrics } from "./queue-metrics.ts";
import { createQuotas } from "./quotas.ts";
import { queuePolicyProvider, queueProvider } from "./resources.ts";
import { SCHEMA } from "./schema.ts";
import type { Sqs } from "./sqs.ts";

const SETTINGS_KEPT =
  "`Policy`, `FifoThroughputLimit` and the attributes of encryption are kept and shown, without effect";

/** Amazon SQS, standard and FIFO queues, on both of its protocols. */
export function sqsService(world: World): Service {
  world.store.define(SCHEMA);
  const quotas = createQuotas(world.store);
  const polls = createLongPolls({ world, quotas });
  const moves = createMessageMover(world, polls);
  const sqs: Sqs = { world, quotas, polls, moves, metrics: createQueueMetrics(world) };
  return {
    name: "sqs",
    actions: {
      CancelMessageMoveTask: cancelMessageMoveTask(sqs),
      ChangeMessageVisibility: changeMessageVisibility(sqs),
      ChangeMessageVisibilityBatch: changeMessageVisibilityBatch(sqs),
      CreateQueue: createQueue(sqs),
      DeleteMessage: deleteMessage(sqs),
      DeleteMessageBatch: deleteMessageBatch(sqs),
      DeleteQueue: deleteQueue(sqs),
      GetQueueAttributes: getQueueAttributes(sqs),
      GetQueueUrl: getQueueUrl(sqs),
      ListDeadLetterSourceQueues: listDeadLetterSourceQueues(sqs),
      ListMessageMoveTasks: listMessageMoveTasks(sqs),
      ListQueueTags: listQueueTags(sqs),
      ListQueues: listQueues(sqs),
      PurgeQueue: purgeQueue(sqs),
      ReceiveMessage: receiveMessage(sqs),
      ReliqDescribeQueues: reliqDescribeQueues(sqs),
      ReliqListEnds: reliqListEnds(sqs),
      ReliqPeekMessages: reliqPeekMessages(sqs),
      SendMessage: sendMessage(sqs),
      SendMessageBatch: sendMessageBatch(sqs),
      SetQueueAttributes: setQueueAttributes(sqs),
      StartMessageMoveTask: startMessageMoveTask(sqs),
      TagQueue: tagQueue(sqs),
      UntagQueue: untagQueue(sqs),
    },
    partly: {
      CreateQueue: SETTINGS_KEPT,
      ReceiveMessage: "`ReceiveRequestAttemptId` is taken, and does not repeat a lost answer",
      SetQueueAttributes: SETTINGS_KEPT,
    },
    json: { targetPrefix: "AmazonSQS", version: "1.0", errorNamespace: "com.amazonaws.sqs" },
    query: { namespace: "http://queue.amazonaws.com/doc/2012-11-05/", shapes: QUERY_SHAPES },
    resources: { "AWS::SQS::Queue": queueProvider(sqs), "AWS::SQS::QueuePolicy": queuePolicyProvider(sqs) },
    start: () => moves.resume(),
    stop: async () => {
      polls.stop();
      await moves.stop();
    },
  };
}
