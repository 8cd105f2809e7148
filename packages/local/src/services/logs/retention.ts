import type { Members, World } from "../../kernel/service.ts";
import { invalidParameter } from "./errors.ts";

/** The retention periods that there are, days (PutRetentionPolicy). */
const PERIODS_DAYS: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const DAY_MS = 86_400_000;

/** @throws InvalidParameterException for a period that there is not */
export function readRetention(input: Members, member: string): number {
  const days = Number(input[member]);
  if (PERIODS_DAYS.includes(days)) return days;
  throw invalidParameter(
    `1 validation error detected: Value '${String(input[member])}' at '${member}' failed to satisfy constraint: Member must satisfy enum value set: [${PERIODS_DAYS.join(", ")}]`,
  );
}

/** Removes the events that are past their group's retention. */
export function removeExpiredEvents({ store, clock }: World): Promise<void> {
  return store.transaction(() => {
    const groups = store.statement("SELECT id, retentionDays FROM logs_group WHERE retentionDays IS NOT NULL").all();
    for (const group of groups) {
      store
        .statement("DELETE FROM logs_event WHERE groupId = ? AND at < ?")
        .run(Number(group["id"]), clock.now() - Number(group["retentionDays"]) * DAY_MS);
    }
  });
}
