import type { ApiRequests } from "@reliq/core/recovery";
import { addressOf, readQuery } from "../failures/failure-query.ts";

/** Which held messages are repaired: those of a failure group, or what a filter finds. */
export type RepairScope = Pick<ApiRequests["preview-repair"], "filter" | "group">;

/** What an address asks for; undefined where it names neither a group nor any part of a filter. Only held messages are repaired: a state is no part of it. */
export function scopeOf(query: URLSearchParams): RepairScope | undefined {
  const group = query.get("group");
  if (group !== null) return { group };
  const { state: _, ...filter } = readQuery(query);
  return Object.keys(filter).length === 0 ? undefined : { filter };
}

/** `queue orders, category validation`, or the group */
export function describeScope({ group, filter = {} }: RepairScope): string {
  if (group !== undefined) return `failure group ${group}`;
  const parts = Object.entries(addressOf(filter)).filter(([, value]) => value !== undefined);
  return parts.map(([name, value]) => `${WORDS[name] ?? name} ${value}`).join(", ");
}

const WORDS: Readonly<Record<string, string>> = {
  cause: "cause of death",
  errorName: "error",
  messageGroup: "message group",
  fromMs: "captured from",
  toMs: "captured before",
};
