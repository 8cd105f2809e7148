import type { ReceivedMessage } from "../message/received-message.ts";
import { ended, type Work } from "../message/work.ts";

/** Attempts a message once it is its turn. */
export type InTurn = <T>(message: ReceivedMessage, attempt: () => Promise<Work<T>> | Work<T>) => Promise<Work<T>>;

/** Makes the port of what waits for a turn: what that gives ends the turn, and `"over"` says that no handler starts any more. */
export function inTurn(take: () => Promise<(() => void) | "over">): InTurn {
  return async (message, attempt) => {
    const endTurn = await take();
    if (endTurn === "over") return ended(message, { kind: "deferred", cause: "out-of-time", retryAfterSeconds: 0 });
    try {
      return await attempt();
    } finally {
      endTurn();
    }
  };
}
