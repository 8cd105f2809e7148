import type { Action } from "../../../kernel/service.ts";
import { readPage } from "../paging.ts";
import { queueUrl, requestedQueue } from "../queue.ts";
import { sourcesOf } from "../redrive-policy.ts";
import type { Sqs } from "../sqs.ts";

/** ListDeadLetterSourceQueues, by name. */
export function listDeadLetterSourceQueues({ world }: Sqs): Action {
  return (input) => {
    const names = sourcesOf(world, requestedQueue(world.store, input)).map(({ name }) => name);
    const page = readPage(input, names);
    return { queueUrls: page.names.map((name) => queueUrl(world, name)), ...page.next };
  };
}
