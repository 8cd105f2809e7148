import type { Action } from "../../../kernel/service.ts";
import { resourceNotFound } from "../errors.ts";
import { integerWithin, requiredText } from "../input.ts";
import { describeTask, tasksOf } from "../move-task.ts";
import { findQueue, queueNameOfArn } from "../queue.ts";
import type { Sqs } from "../sqs.ts";

/** ListMessageMoveTasks: the latest ones of a source queue, at most 10. */
export function listMessageMoveTasks({ world }: Sqs): Action {
  return (input) => {
    const source = findQueue(world.store, queueNameOfArn(world, requiredText(input, "SourceArn")) ?? "");
    if (!source) {
      throw resourceNotFound("The resource that you specified for the SourceArn parameter doesn't exist.");
    }
    const tasks = tasksOf(world.store, source.name, integerWithin(input, "MaxResults", 1, 10) ?? 1);
    return tasks.length > 0 ? { Results: tasks.map((task) => describeTask(world, task)) } : {};
  };
}
