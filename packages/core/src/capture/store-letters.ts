import type { FailureGroup, GroupCount } from "../failure/failure-group.ts";
import { groupId } from "../failure/failure-group.ts";
import { groupAfterDeath } from "../failure/group-life.ts";
import { inCommits } from "../failure/in-commits.ts";
import { isSpent, POLICY_DEFAULTS } from "../policy/decide.ts";
import type { Policy } from "../policy/policy.ts";
import type { RecoverPorts, StoreChange, Transition } from "../recover-ports.ts";
import { healsEndedBy, relapsedGroup } from "./count-relapses.ts";
import type { Captured } from "./dead-letter.ts";
import type { DecidedLetter } from "./decide-letter.ts";
import type { EndedLetter } from "./sort-letters.ts";

/** Commits decided letters, those of one queue together: with their groups' counts and the audit's entry, all or nothing. */
export async function storeLetters(
  policy: Policy,
  decided: readonly DecidedLetter[],
  ports: RecoverPorts,
): Promise<readonly EndedLetter[]> {
  const byQueue = Map.groupBy(decided, ({ after }) => after.queue);
  const commits = [...byQueue.values()].flatMap(inCommits);
  return (await Promise.all(commits.map((letters) => storeTogether(policy, letters, ports)))).flat();
}

/** Where one of them was changed by somebody else meanwhile, each is tried on its own: the others need not come back. */
async function storeTogether(
  policy: Policy,
  letters: readonly DecidedLetter[],
  ports: RecoverPorts,
): Promise<readonly EndedLetter[]> {
  if ((await ports.store.commit(changeOf(policy, letters, ports.now()))) === "committed") return letters.map(captured);
  const [only, ...others] = letters;
  if (only === undefined || others.length === 0) return letters.map(lost);
  return (await Promise.all(letters.map((letter) => storeTogether(policy, [letter], ports)))).flat();
}

function captured({ explained: { letter }, after }: DecidedLetter): EndedLetter {
  return { letter, end: { kind: "captured", failure: after } };
}

function lost({ explained: { letter }, after: { id } }: DecidedLetter): EndedLetter {
  const end: Captured = { kind: "again", because: `${id} was changed by somebody else at the same time` };
  return { letter, end };
}

function changeOf(policy: Policy, letters: readonly DecidedLetter[], atMs: number): StoreChange {
  const failures = letters.map(({ before, after }) => ({ before, after }));
  const decisions = Object.fromEntries(
    letters.map(({ after: { id, rule, state, cause } }) => [id, `${cause}; ${rule} → ${state}`]),
  );
  return {
    failures,
    groups: groupChanges(policy, letters, atMs),
    counts: countsOf(letters, atMs),
    audit: {
      chain: letters[0]?.after.queue ?? "reliq",
      atMs,
      by: "reliq",
      action: "captured",
      subjects: failures.map(({ after }) => after.id),
      details: { decisions },
    },
  };
}

/** A death can bring a resolved or ignored group back, and spend its budget. */
function groupChanges(
  { budget = POLICY_DEFAULTS.budget }: Policy,
  letters: readonly DecidedLetter[],
  atMs: number,
): readonly Transition<FailureGroup>[] {
  const changes = new Map<string, Transition<FailureGroup>>();
  for (const { group, after } of letters) {
    if (!group) continue;
    const alive = groupAfterDeath(group, after.consumerVersion, atMs);
    const spent = group.healing === "armed" && isSpent(group, budget);
    const next = spent ? { ...alive, healing: "disarmed" as const, version: group.version + 1 } : alive;
    if (next !== group) changes.set(group.id, { before: group, after: next });
  }
  return [...changes.values()];
}

function countsOf(letters: readonly DecidedLetter[], atMs: number): readonly GroupCount[] {
  const counts = new Map<string, GroupCount>();
  const add = (letter: DecidedLetter, id: string, of: Pick<GroupCount, "deaths" | "heals" | "relapses">): void => {
    const { reason, queue, consumerVersion } = letter.after;
    const { deaths = 0, heals = 0, relapses = 0 } = counts.get(id) ?? {};
    const { fingerprint, category, severity, errorName, message } = reason;
    counts.set(id, {
      group: id,
      deaths: deaths + of.deaths,
      heals: heals + of.heals,
      relapses: relapses + of.relapses,
      atMs,
      ...(consumerVersion !== undefined && { consumerVersion }),
      first: { queue, fingerprint, category, severity, errorName, message },
    });
  };
  for (const letter of letters) {
    const { after } = letter;
    add(letter, groupId(after.queue, after.reason.fingerprint), { deaths: 1, heals: 0, relapses: 0 });
    const relapsed = relapsedGroup(letter);
    if (relapsed !== undefined) add(letter, relapsed, { deaths: 0, heals: healsEndedBy(letter), relapses: 1 });
  }
  return [...counts.values()];
}
