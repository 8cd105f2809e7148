import type { Action } from "../../../kernel/service.ts";
import { nextToken, PAGE_SIZE, readToken } from "../paging.ts";
import type { Sns } from "../sns.ts";
import { topicArn, topicsAfter } from "../topic.ts";

/** ListTopics, by name. */
export function listTopics({ world }: Sns): Action {
  return (input) => {
    const topics = topicsAfter(world.store, readToken(input), PAGE_SIZE);
    return {
      Topics: topics.map(({ name }) => ({ TopicArn: topicArn(world, name) })),
      ...nextToken(topics, topics.at(-1)?.name),
    };
  };
}
