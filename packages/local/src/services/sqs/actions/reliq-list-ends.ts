import type { Action, Members } from "../../../kernel/service.ts";
import { type EndKind, type EndRow, endsBefore } from "../ends.ts";
import { invalidParameter } from "../errors.ts";
import { integerWithin, optionalText } from "../input.ts";
import { requestedQueue } from "../queue.ts";
import type { Sqs } from "../sqs.ts";

/** The most ends of one page. */
const LARGEST_PAGE = 1_000;

const KINDS: readonly EndKind[] = ["deleted", "expired", "purged"];

/**
 * ReliqListEnds: the messages of a queue that expired or were purged, and the dead letters that were deleted, newest first. The region
 * keeps the newest 10,000 of all queues.
 */
export function reliqListEnds({ world }: Sqs): Action {
  return (input) => {
    const kind = optionalText(input, "Kind") as EndKind | undefined;
    if (kind !== undefined && !KINDS.includes(kind)) throw invalidParameter(`Kind must be one of ${KINDS.join(", ")}.`);
    const queue = requestedQueue(world.store, input);
    const limit = integerWithin(input, "Limit", 1, LARGEST_PAGE) ?? LARGEST_PAGE;
    const before = Number(optionalText(input, "NextToken") ?? Number.MAX_SAFE_INTEGER);
    const rows = endsBefore(world.store, queue.id, kind, before, limit);
    return { Ends: rows.map(describe), ...(rows.length === limit && { NextToken: String(rows.at(-1)?.id) }) };
  };
}

function describe({ messageId, kind, endedAt, deadLetterSource, attributes }: EndRow): Members {
  return {
    MessageId: messageId,
    Kind: kind,
    EndedAt: endedAt,
    ...(deadLetterSource !== null && { DeadLetterSource: deadLetterSource }),
    MessageAttributes: attributes === null ? {} : JSON.parse(attributes),
  };
}
