import type { Action, Members, World } from "../../../kernel/service.ts";
import { invalidParameter, missingParameter, resourceNotFound } from "../errors.ts";
import { integerWithin, optionalText } from "../input.ts";
import { countMessages } from "../message-counts.ts";
import { insertTask, MOST_MOVED_PER_SECOND, runningTask, taskHandle } from "../move-task.ts";
import { findQueue, type Queue, queueNameOfArn } from "../queue.ts";
import { sourcesOf } from "../redrive-policy.ts";
import type { Sqs } from "../sqs.ts";

/** StartMessageMoveTask: from a dead-letter queue to one destination, or each message to the queue that it came from. */
export function startMessageMoveTask({ world, moves }: Sqs): Action {
  return async (input) => {
    const { source, id } = await world.store.transaction(() => begin(world, input));
    moves.run(id);
    return { TaskHandle: taskHandle(world, id, source.name) };
  };
}

function begin(world: World, input: Members): { source: Queue; id: number } {
  const source = queueOf(world, input, "SourceArn");
  if (!source) throw missingParameter("SourceArn");
  const destination = queueOf(world, input, "DestinationArn");
  const ratePerSecond = integerWithin(input, "MaxNumberOfMessagesPerSecond", 1, MOST_MOVED_PER_SECOND);
  if (sourcesOf(world, source).length === 0) {
    throw invalidParameter("Source queue must be configured as a Dead Letter Queue.");
  }
  if (destination && (destination.id === source.id || destination.fifo !== source.fifo)) {
    throw invalidParameter("The destination must be another queue of the source queue's type.");
  }
  if (runningTask(world.store, source.name)) {
    throw invalidParameter(
      "There is already a task running. Only one active task is allowed for a source queue arn at a given time.",
    );
  }
  const toMove = countMessages(world.store, source, world.clock.now()).waiting;
  const id = insertTask(world, { source: source.name, destination: destination?.name, ratePerSecond, toMove });
  return { source, id };
}

function queueOf(world: World, input: Members, parameter: string): Queue | undefined {
  const arn = optionalText(input, parameter);
  if (arn === undefined) return undefined;
  const queue = findQueue(world.store, queueNameOfArn(world, arn) ?? "");
  if (queue) return queue;
  throw resourceNotFound(`The resource that you specified for the ${parameter} parameter doesn't exist.`);
}
