import type { Action } from "../../../kernel/service.ts";
import { invalidParameter, resourceNotFound } from "../errors.ts";
import { requiredText } from "../input.ts";
import { endTask, findTask, readTaskHandle } from "../move-task.ts";
import { findQueue } from "../queue.ts";
import type { Sqs } from "../sqs.ts";

/** CancelMessageMoveTask: what was moved stays moved. */
export function cancelMessageMoveTask({ world }: Sqs): Action {
  return (input) =>
    world.store.transaction(() => {
      const handle = readTaskHandle(world, requiredText(input, "TaskHandle"));
      if (!handle) throw invalidParameter("Value for parameter TaskHandle is invalid.");
      if (!findQueue(world.store, handle.source)) {
        throw resourceNotFound("The resource that you specified for the SourceArn parameter doesn't exist.");
      }
      const task = findTask(world.store, handle.id);
      if (task?.source !== handle.source) throw resourceNotFound("Task does not exist.");
      if (task.status !== "RUNNING") throw invalidParameter("Only a task that is running can be cancelled.");
      endTask(world.store, task.id, "CANCELLED");
      return { ApproximateNumberOfMessagesMoved: task.moved };
    });
}
