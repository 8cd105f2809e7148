import type { Action } from "../../../kernel/service.ts";
import { queueDoesNotExist } from "../errors.ts";
import { optionalText, requiredText } from "../input.ts";
import { existingQueue, queueUrl } from "../queue.ts";
import type { Sqs } from "../sqs.ts";

/** GetQueueUrl. */
export function getQueueUrl({ world }: Sqs): Action {
  return (input) => {
    const queue = existingQueue(world.store, requiredText(input, "QueueName"));
    const owner = optionalText(input, "QueueOwnerAWSAccountId");
    if (owner !== undefined && owner !== world.accountId) throw queueDoesNotExist();
    return { QueueUrl: queueUrl(world, queue.name) };
  };
}
