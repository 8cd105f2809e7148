import { failureId } from "../failure/failed-message.ts";
import { groupId } from "../failure/failure-group.ts";
import type { RecoverPorts } from "../recover-ports.ts";
import type { ExplainedLetter, KnownLetter } from "./dead-letter.ts";

/** Reads what the store knows of letters and of their groups, each in one call. */
export async function knowLetters(
  explained: readonly ExplainedLetter[],
  { store }: RecoverPorts,
): Promise<readonly KnownLetter[]> {
  const ids = explained.map(({ letter, lineage }) => failureId(letter.queue, lineage));
  const groupIds = explained.map(({ letter, reason }) => groupId(letter.queue, reason.fingerprint));
  const distinct = [...new Set(groupIds)];
  const [failures, found] = await Promise.all([store.failures(ids), store.groups(distinct)]);
  const groups = new Map(distinct.map((id, index) => [id, found[index]]));
  return explained.map((each, index) => ({
    explained: each,
    before: failures[index],
    group: groups.get(groupIds[index] ?? ""),
  }));
}
