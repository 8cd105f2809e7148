import type { Action } from "../../../kernel/service.ts";
import { ServiceError } from "../../../kernel/service-error.ts";
import type { Sns } from "../sns.ts";
import { removeSubscription, requestedSubscription } from "../subscription.ts";

/** Unsubscribe; a subscription that is not there is no error. */
export function unsubscribe({ world }: Sns): Action {
  return (input) =>
    world.store.transaction(() => {
      try {
        removeSubscription(world.store, requestedSubscription(world.store, input));
      } catch (error) {
        if (!(error instanceof ServiceError) || error.code !== "NotFound") throw error;
      }
      return {};
    });
}
