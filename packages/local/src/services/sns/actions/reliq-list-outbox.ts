import type { Action } from "../../../kernel/service.ts";
import { invalidParameter } from "../errors.ts";
import { outboxBefore } from "../outbox.ts";
import { PAGE_SIZE } from "../paging.ts";
import type { Sns } from "../sns.ts";

/** ReliqListOutbox: the e-mails, text messages and requests to other hosts that would have been sent, newest first. */
export function reliqListOutbox({ world }: Sns): Action {
  return (input) => {
    const limit = Number(input["Limit"] ?? PAGE_SIZE);
    const before = Number(input["NextToken"] ?? Number.MAX_SAFE_INTEGER);
    if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_SIZE)
      throw invalidParameter(`Limit Reason: 1 to ${PAGE_SIZE}`);
    if (!Number.isInteger(before)) throw invalidParameter("NextToken");
    const entries = outboxBefore(world.store, before, limit);
    return { Entries: entries, ...(entries.length === limit && { NextToken: entries.at(-1)?.["Id"] }) };
  };
}
