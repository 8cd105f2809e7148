import {
  type ConsumerHistory,
  type Effect,
  type Hold,
  type Run,
  type SentMessage,
  VISIBILITY_SECONDS,
} from "./consumer-history.ts";
import type { Violation } from "./history.ts";

/** How long a worker may have a message in hand between its effect and its delete, milliseconds: waits for its batch mates. */
export const LONGEST_IN_HAND_MS = 10_000;

/**
 * Every promise of docs/guarantees.md that a history shows broken. `lost`: a message without its effect. `doubled`: a second
 * effect in any mode but the plain one; in the plain and the keyed mode, a run of the handler that no cut explains: a run is
 * cut where its worker died up to 10 s after its effect and before it had ended the receive, where its own fault followed the effect, where
 * its time was over, or where its worker stood still: the service heard nothing of the message for longer than its visibility timeout.
 * One kill cuts every run that the worker has in hand, and so does one standstill. `outOfOrder`: an effect before one that was sent earlier in its group.
 */
export function checkConsumer(history: ConsumerHistory): readonly Violation[] {
  return [...checkEffects(history), ...checkRuns(history), ...checkSequences(history)];
}

/** The runs of plain and keyed handlers beyond the first of each effect. */
export function extraRuns({ runs }: Pick<ConsumerHistory, "runs">): number {
  return runs.length - Map.groupBy(runs, nameOf).size;
}

function checkEffects({ sent, effects }: ConsumerHistory): readonly Violation[] {
  const effectsOf = Map.groupBy(effects, nameOf);
  return sent.flatMap((message): Violation[] => {
    const count = effectsOf.get(nameOf(message))?.length ?? 0;
    if (count === 0) return [{ kind: "lost", evidence: `${nameOf(message)} has no effect` }];
    if (message.mode === "plain") return [];
    return repeat(count - 1, { kind: "doubled", evidence: `${nameOf(message)} has ${count} effects` });
  });
}

function checkRuns({ sent, runs, holds, deathsMs }: ConsumerHistory): readonly Violation[] {
  const holdOf = new Map(holds.map((hold) => [receiveOf(hold), hold]));
  const messages = new Map(sent.map((message) => [nameOf(message), message]));
  return [...Map.groupBy(runs, nameOf)].flatMap(([name, ofOne]) => {
    const cut = ofOne.filter((run) => wasCut(run, messages.get(name), holdOf.get(receiveOf(run)), deathsMs)).length;
    const evidence = `${name} ran ${ofOne.length} times, and ${cut} of them were cut: ${JSON.stringify(ofOne)}`;
    return repeat(ofOne.length - 1 - cut, { kind: "doubled", evidence });
  });
}

function wasCut(
  run: Run,
  message: SentMessage | undefined,
  hold: Hold | undefined,
  deathsMs: ReadonlyMap<string, number>,
): boolean {
  const diedMs = deathsMs.get(run.worker);
  if (run.late || (!hold && diedMs !== undefined && diedMs - run.atMs <= LONGEST_IN_HAND_MS)) return true;
  if (hold && stoodStill(run, hold)) return true;
  const { fault } = message ?? {};
  return fault?.when === "after" && run.receiveCount <= fault.receives;
}

/** A claim's lease is as long as the visibility timeout, and is renewed apart from it: a keyed run is cut where either can have lapsed. */
function stoodStill({ mode }: Run, { heldMs, longestSilenceMs }: Hold): boolean {
  return (mode === "keyed" ? heldMs : longestSilenceMs) > VISIBILITY_SECONDS * 1_000;
}

function receiveOf({ worker, messageId, receiveCount }: Hold | Run): string {
  return `${worker} ${messageId} ${receiveCount}`;
}

function checkSequences({ sent, effects }: ConsumerHistory): readonly Violation[] {
  const places = new Map(sent.map((message, place) => [nameOf(message), { group: message.group, place }]));
  const latest = new Map<string, { readonly place: number; readonly name: string }>();
  return effects.flatMap((effect): Violation[] => {
    const name = nameOf(effect);
    const { group, place = 0 } = places.get(name) ?? {};
    if (group === undefined) return [];
    const before = latest.get(group);
    if (before === undefined || before.place <= place) {
      latest.set(group, { place, name });
      return [];
    }
    return [{ kind: "outOfOrder", evidence: `${name} took effect in ${group} after ${before.name}` }];
  });
}

function nameOf({ mode, key }: Effect): string {
  return `${mode} ${key}`;
}

function repeat(times: number, violation: Violation): Violation[] {
  return Array<Violation>(Math.max(0, times)).fill(violation);
}
