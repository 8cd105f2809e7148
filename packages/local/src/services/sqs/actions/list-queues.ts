import type { Action } from "../../../kernel/service.ts";
import { optionalText } from "../input.ts";
import { readPage } from "../paging.ts";
import { allQueues, queueUrl } from "../queue.ts";
import type { Sqs } from "../sqs.ts";

/** ListQueues, by name. */
export function listQueues({ world }: Sqs): Action {
  return (input) => {
    const prefix = optionalText(input, "QueueNamePrefix") ?? "";
    const names = allQueues(world.store).flatMap(({ name }) => (name.startsWith(prefix) ? [name] : []));
    const page = readPage(input, names);
    return {
      ...(page.names.length > 0 && { QueueUrls: page.names.map((name) => queueUrl(world, name)) }),
      ...page.next,
    };
  };
}
