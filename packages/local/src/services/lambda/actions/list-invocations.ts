import type { Action, Members, World } from "../../../kernel/service.ts";
import { integerWithin, optionalText } from "../input.ts";
import type { InvocationRow } from "../invocations/invocation-table.ts";
import type { Lambda } from "../lambda.ts";

/** The most invocations of one answer. */
const LARGEST_PAGE = 1_000;

/**
 * ReliqListInvocations, an action of the local region alone: what became of invocations, newest first, of a function
 * (`FunctionName`) or of those that failed a message or outlived its visibility (`MessageId`): evidence for why it died. `Limit` is 100 unless given.
 */
export function listInvocations({ world, invoker }: Lambda): Action {
  return async (input) => {
    await invoker.noted();
    const limit = integerWithin(input, "Limit", 1, LARGEST_PAGE) ?? 100;
    const rows = select(world, optionalText(input, "FunctionName"), optionalText(input, "MessageId"), limit);
    return { Invocations: rows.map((row) => shown(world, row)) };
  };
}

function select(
  { store }: World,
  functionName: string | undefined,
  messageId: string | undefined,
  limit: number,
): InvocationRow[] {
  const rows = store
    .statement(
      `SELECT * FROM lambda_invocation WHERE (?1 IS NULL OR functionName = ?1)
       AND (?2 IS NULL OR id IN (SELECT invocationId FROM lambda_failed_message WHERE messageId = ?2))
       ORDER BY id DESC LIMIT ?3`,
    )
    .all(functionName ?? null, messageId ?? null, limit);
  return rows as unknown as InvocationRow[];
}

function shown({ store }: World, row: InvocationRow): Members {
  const failed = store.statement("SELECT messageId FROM lambda_failed_message WHERE invocationId = ?");
  return {
    RequestId: row.requestId,
    FunctionName: row.functionName,
    StartedAt: row.startedAt,
    ...(row.endedAt !== null && { EndedAt: row.endedAt }),
    ...(row.outcome !== null && { Outcome: row.outcome }),
    ...(row.error !== null && { Error: row.error }),
    ...(row.logStream !== null && { LogStreamName: row.logStream }),
    MessageIds: JSON.parse(row.messageIds ?? "[]"),
    FailedMessageIds: failed.all(row.id).map((each) => each["messageId"]),
  };
}
