import type { CompleteRemedy } from "./remedy.ts";

/** What a remedy has changed, as it is kept until it is taken back. */
export interface AppliedRemedy {
  /** What the setting was before the remedy touched it; it goes back to that. */
  readonly original: number;
  /** What the setting was before the last change, and what it is after: a change that was not carried out shows by it. */
  readonly before: number;
  readonly level: number;
  readonly changedAtMs: number;
  /** When the remedy first touched the setting. */
  readonly sinceMs: number;
  /** Since when its problem is over. */
  readonly calmSinceMs?: number;
  /** It has been taken back for good, and does nothing until then. */
  readonly restUntilMs?: number;
}

/** What is seen of a remedy's problem and of its setting: batches at once, reserved invocations, or 1 and 0 for an intake that is on and off. */
export interface RemedySight {
  readonly level: number;
  readonly troubled: boolean;
  readonly nowMs: number;
}

/** What a remedy does now: `set` is the setting's new value; `applied` is kept first, so that a kill between the two loses nothing. */
export interface RemedyDecision {
  readonly set?: number;
  /** Undefined: nothing is kept any more. */
  readonly applied?: AppliedRemedy | undefined;
  readonly kind: "apply" | "leave" | "none" | "revert";
  readonly why: string;
}

/** Decides what a remedy does by what is seen and what it has done so far. */
export function decideRemedy(
  remedy: CompleteRemedy,
  sight: RemedySight,
  applied: AppliedRemedy | undefined,
): RemedyDecision {
  const { level, troubled, nowMs } = sight;
  if (applied?.restUntilMs !== undefined && level === applied.level) return rest(applied, applied.restUntilMs, nowMs);
  if (!applied) return troubled ? begin(remedy, sight) : { kind: "none", why: "there is no trouble" };
  if (level !== applied.level) {
    if (level !== applied.before) return { kind: "leave", why: "somebody else has changed the setting" };
    const kind = applied.level === applied.original ? "revert" : "apply";
    return { kind, set: applied.level, applied, why: "the last change was not carried out" };
  }
  if (level === applied.original) return { kind: "none", why: "it is taken back" };
  if (remedy.kind === "pause-intake" && nowMs - applied.sinceMs >= remedy.mostSeconds * 1_000) {
    const restUntilMs = nowMs + remedy.mostSeconds * 1_000;
    return revert({ ...applied, restUntilMs }, nowMs, `it has been off for ${remedy.mostSeconds} s, the most`);
  }
  return troubled ? goOn(remedy, sight, applied) : calmDown(remedy, sight, applied);
}

function rest(applied: AppliedRemedy, untilMs: number, nowMs: number): RemedyDecision {
  return nowMs < untilMs
    ? { kind: "none", applied, why: "it rests after it had to be taken back" }
    : { kind: "none", why: "its rest is over" };
}

function begin(remedy: CompleteRemedy, { level, nowMs }: RemedySight): RemedyDecision {
  const next = nextLevel(remedy, level);
  if (next === level) return { kind: "none", why: "the setting is at its bound" };
  const applied = { original: level, before: level, level: next, changedAtMs: nowMs, sinceMs: nowMs };
  return { kind: "apply", set: next, applied, why: TROUBLES[remedy.kind] };
}

const TROUBLES: Readonly<Record<CompleteRemedy["kind"], string>> = {
  "scale-concurrency": "the backlog is above its limit",
  "pause-intake": "the breaker has been open",
  "widen-throttle": "invocations are throttled",
};

/** Its problem is there still: one step more, once the last has had its time. */
function goOn(remedy: CompleteRemedy, { level, nowMs }: RemedySight, applied: AppliedRemedy): RemedyDecision {
  const { calmSinceMs: _, ...kept } = applied;
  const next = nextLevel(remedy, level);
  const isTooSoon = nowMs - applied.changedAtMs < remedy.cooldownSeconds * 1_000;
  if (next === level || isTooSoon) {
    const why = next === level ? "the setting is at its bound" : "the last change is too fresh";
    return { kind: "none", applied: kept, why };
  }
  const changed = { ...kept, before: level, level: next, changedAtMs: nowMs };
  return { kind: "apply", set: next, applied: changed, why: TROUBLES[remedy.kind] };
}

function calmDown(remedy: CompleteRemedy, { nowMs }: RemedySight, applied: AppliedRemedy): RemedyDecision {
  const calmSinceMs = applied.calmSinceMs ?? nowMs;
  if (nowMs - calmSinceMs < remedy.calmSeconds * 1_000) {
    return { kind: "none", applied: { ...applied, calmSinceMs }, why: "its problem is over, for a while" };
  }
  return revert(applied, nowMs, "its problem is over");
}

function revert(applied: AppliedRemedy, nowMs: number, why: string): RemedyDecision {
  const { original, level } = applied;
  const changed = { ...applied, before: level, level: original, changedAtMs: nowMs };
  return { kind: "revert", set: original, applied: changed, why };
}

function nextLevel(remedy: CompleteRemedy, level: number): number {
  switch (remedy.kind) {
    case "scale-concurrency":
      return Math.max(level, Math.min(remedy.most, level * 2));
    case "pause-intake":
      return 0;
    case "widen-throttle":
      return Math.max(level, Math.min(remedy.most, level + Math.max(1, Math.ceil(level / 2))));
  }
}
