import { ReliqError } from "../errors.ts";
import type { StoreChange, Transition } from "../recover-ports.ts";
import { MOST_FAILURES } from "./in-commits.ts";

/** The most subjects of one audit entry. */
const MOST_SUBJECTS = 100;

/** The most entries of a run in one change. */
const MOST_ENTRIES = 50;

/**
 * Refuses a change that could not be told from its repetition, or is too large for one transaction.
 * @throws ReliqError `store-change` that says what is wrong with it
 */
export function checkChange(change: StoreChange): void {
  const {
    failures = [],
    groups = [],
    counts = [],
    runs = [],
    entries = [],
    queueRuns = [],
    alerts = [],
    approvals = [],
    audit,
  } = change;
  if (failures.length > MOST_FAILURES) refuse(`it has ${failures.length} failures, at most ${MOST_FAILURES} fit`);
  if (audit.subjects.length > MOST_SUBJECTS) {
    refuse(`its audit record has ${audit.subjects.length} subjects, at most ${MOST_SUBJECTS} fit`);
  }
  if (entries.length > MOST_ENTRIES) refuse(`it has ${entries.length} entries, at most ${MOST_ENTRIES} fit`);
  checkEach("failures", failures, ({ id }) => id);
  checkEach("groups", groups, ({ id }) => id);
  checkEach("runs", runs, ({ id }) => id);
  checkEach("queueRuns", queueRuns, ({ queue }) => queue);
  checkEach("alerts", alerts, ({ group }) => group);
  checkEach("approvals", approvals, ({ id }) => id);
  checkNames("entries", entries, ({ run, position }) => `${run}, position ${position}`);
  const lists = [failures, groups, runs, entries, queueRuns, alerts, approvals];
  if (counts.length > 0 && lists.every((list) => list.length === 0)) {
    refuse(
      "it has counts and no transition: repeated, it would count twice; add the transition that the counts come from",
    );
  }
}

function checkEach<Item extends { readonly version: number }>(
  list: string,
  transitions: readonly Transition<Item>[],
  nameOf: (item: Item) => string,
): void {
  checkNames(list, transitions, nameOf);
  for (const { before, after } of transitions) {
    if (before && after.version !== before.version + 1) {
      const versions = `version ${before.version} to ${after.version}`;
      refuse(`${list}: ${nameOf(after)} goes from ${versions}, and a version grows by one with each change`);
    }
  }
}

function checkNames<Item>(
  list: string,
  transitions: readonly Transition<Item>[],
  nameOf: (item: Item) => string,
): void {
  const names = new Set<string>();
  for (const { before, after } of transitions) {
    const name = nameOf(after);
    if (before && nameOf(before) !== name) refuse(`${list}: ${nameOf(before)} cannot become ${name}`);
    if (names.has(name)) refuse(`${list}: ${name} is there twice, and can change once`);
    names.add(name);
  }
}

function refuse(what: string): never {
  throw new ReliqError("store-change", `A change of the failure store cannot be committed: ${what}.`);
}
