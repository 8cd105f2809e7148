import type { Action } from "../../../kernel/service.ts";
import { ServiceError } from "../../../kernel/service-error.ts";
import type { Sns } from "../sns.ts";
import { removeTopic, requestedTopic } from "../topic.ts";

/** DeleteTopic, with its subscriptions; a topic that is not there is no error. */
export function deleteTopic({ world }: Sns): Action {
  return (input) =>
    world.store.transaction(() => {
      try {
        removeTopic(world.store, requestedTopic(world, input).name);
      } catch (error) {
        if (!(error instanceof ServiceError) || error.code !== "NotFound") throw error;
      }
      return {};
    });
}
