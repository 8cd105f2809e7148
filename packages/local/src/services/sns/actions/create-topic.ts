import type { Action, World } from "../../../kernel/service.ts";
import { invalidParameter } from "../errors.ts";
import { requiredText, textMap } from "../input.ts";
import type { Sns } from "../sns.ts";
import { readTags } from "../tags.ts";
import { findTopic, type Topic, topicArn, writeTopic } from "../topic.ts";
import { withAttributes } from "../topic-attributes.ts";

/** CreateTopic: a repeat with the same attributes and tags answers the same topic. */
export function createTopic({ world }: Sns): Action {
  return (input) =>
    world.store.transaction(() => {
      const { FifoTopic = "false", ...wanted } = textMap(input, "Attributes");
      const name = requiredText(input, "Name");
      const tags = readTags(input);
      const existing = findTopic(world.store, name);
      if (!existing) insertTopic(world, name, FifoTopic === "true", wanted, tags);
      else requireSame(existing, FifoTopic === "true", wanted, tags);
      return { TopicArn: topicArn(world, name) };
    });
}

/** Makes a topic, in a transaction of the caller's. @throws InvalidParameter */
export function insertTopic(
  world: World,
  name: string,
  fifo: boolean,
  wanted: Readonly<Record<string, string>>,
  tags: Readonly<Record<string, string>>,
): void {
  checkName(name, fifo);
  writeTopic(world.store, { name, fifo, attributes: withAttributes({ fifo, attributes: {} }, wanted), tags });
}

function checkName(name: string, fifo: boolean): void {
  const base = fifo ? name.replace(/\.fifo$/, "") : name;
  if (fifo && base === name) throw invalidParameter("Topic Name Reason: Fifo Topic names must end with .fifo");
  if (name.length <= 256 && /^[\w-]+$/.test(base)) return;
  throw invalidParameter("Topic Name Reason: it must be of letters, numbers, underscores and hyphens, 1 to 256 long");
}

function requireSame(
  existing: Topic,
  fifo: boolean,
  wanted: Readonly<Record<string, string>>,
  tags: Readonly<Record<string, string>>,
): void {
  const differs = (asked: Readonly<Record<string, string>>, kept: Readonly<Record<string, string>>): boolean =>
    Object.entries(asked).some(([name, value]) => (kept[name] ?? "") !== value);
  if (fifo !== existing.fifo || differs(wanted, existing.attributes)) {
    throw invalidParameter("Attributes Reason: Topic already exists with different attributes");
  }
  if (differs(tags, existing.tags)) throw invalidParameter("Tags Reason: Topic already exists with different tags");
}
