import type { Action, Members, World } from "../../../kernel/service.ts";
import { integerWithin, optionalText } from "../input.ts";
import { expireMessages, type MessageRow } from "../message.ts";
import { requestedQueue } from "../queue.ts";
import { systemAttributes } from "../received.ts";
import type { Sqs } from "../sqs.ts";

/** The most messages of one page. */
const LARGEST_PAGE = 1_000;

/** ReliqPeekMessages: the messages of a queue in the order in which they came, whatever their state; it is not a receive. */
export function reliqPeekMessages({ world }: Sqs): Action {
  return (input) =>
    world.store.transaction(() => {
      const queue = requestedQueue(world.store, input);
      const limit = integerWithin(input, "Limit", 1, LARGEST_PAGE) ?? LARGEST_PAGE;
      const nowMs = world.clock.now();
      expireMessages(world.store, queue, nowMs);
      const rows = world.store
        .statement("SELECT * FROM sqs_message WHERE queueId = ? AND seq > ? ORDER BY seq LIMIT ?")
        .all(queue.id, Number(optionalText(input, "After") ?? 0), limit) as unknown as MessageRow[];
      return {
        Messages: rows.map((row) => describe(world, row, nowMs)),
        ...(rows.length === limit && { NextToken: String(rows.at(-1)?.seq) }),
      };
    });
}

function describe(world: World, row: MessageRow, nowMs: number): Members {
  return {
    MessageId: row.messageId,
    Body: row.body,
    State: stateOf(row, nowMs),
    VisibleAt: row.visibleAt,
    Attributes: systemAttributes(world, row),
    MessageAttributes: row.attributes === null ? {} : JSON.parse(row.attributes),
  };
}

function stateOf(row: MessageRow, nowMs: number): "waiting" | "inFlight" | "delayed" {
  if (row.visibleAt <= nowMs) return "waiting";
  return row.receivedAt === null ? "delayed" : "inFlight";
}
