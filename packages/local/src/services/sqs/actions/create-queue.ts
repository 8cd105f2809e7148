import type { Action, World } from "../../../kernel/service.ts";
import { invalidValue, queueNameExists } from "../errors.ts";
import { requiredText, textMap } from "../input.ts";
import { findQueue, type Queue, queueUrl } from "../queue.ts";
import { initialAttributes, withAttributes } from "../queue-attributes.ts";
import type { Sqs } from "../sqs.ts";

/** CreateQueue: a repeat with the same attributes answers the same queue. */
export function createQueue({ world }: Sqs): Action {
  return (input) =>
    world.store.transaction(() => {
      const name = requiredText(input, "QueueName");
      const wanted = textMap(input, "Attributes");
      const fifo = wanted["FifoQueue"] === "true";
      checkName(name, fifo);
      const existing = findQueue(world.store, name);
      if (existing) requireSame(world, existing, wanted);
      else insertQueue(world, name, fifo, wanted, textMap(input, "tags"));
      return { QueueUrl: queueUrl(world, name) };
    });
}

/** Makes a queue, in a transaction of the caller's. @throws InvalidAttributeName, InvalidAttributeValue or InvalidParameterValue */
export function insertQueue(
  world: World,
  name: string,
  fifo: boolean,
  wanted: Readonly<Record<string, string>>,
  tags: Readonly<Record<string, string>>,
): void {
  const attributes = withAttributes(world, { name, fifo, attributes: initialAttributes(fifo) }, wanted);
  const nowMs = world.clock.now();
  world.store
    .statement("INSERT INTO sqs_queue (name, fifo, createdAt, modifiedAt, attributes, tags) VALUES (?, ?, ?, ?, ?, ?)")
    .run(name, fifo ? 1 : 0, nowMs, nowMs, JSON.stringify(attributes), JSON.stringify(tags));
}

function checkName(name: string, fifo: boolean): void {
  const base = fifo ? name.replace(/\.fifo$/, "") : name;
  const ends = !fifo || base !== name;
  if (ends && name.length <= 80 && /^[\w-]+$/.test(base)) return;
  throw invalidValue(
    name,
    "QueueName",
    fifo
      ? "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length."
      : "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.",
  );
}

function requireSame(world: World, existing: Queue, wanted: Readonly<Record<string, string>>): void {
  const asked = withAttributes(world, existing, wanted);
  for (const name of Object.keys(wanted)) {
    if (asked[name] !== existing.attributes[name]) throw queueNameExists(name);
  }
}
