import type { FailureGroup } from "../failure/failure-group.ts";
import type { Alert, AlertState } from "./alert-state.ts";

/** How long an announcement may take to be sent, before whoever looks next sends it again. */
const SENDING_MS = 60_000;

/** How long an all-clear waits for messages that are on their way and do not die, after the last death: they may wait for ever. */
const LONGEST_UNDER_WAY_MS = 86_400_000;

/** What is to be told of a group now, and when to look again. */
export type Announcement =
  | {
      readonly kind: "tell";
      readonly what: Alert["kind"];
      /** What the state becomes before it is told, and after. */
      readonly before: AlertState;
      readonly after: AlertState;
      /** Failures since the last announcement. */
      readonly count: number;
    }
  /** An announcement that was begun and perhaps not sent. */
  | { readonly kind: "repeat"; readonly what: Alert["kind"]; readonly after: AlertState; readonly count: number }
  /** Until somebody looks, who was reminded already. */
  | { readonly kind: "wait"; readonly untilMs: number }
  /** It is not over: who looks now has to be reminded. */
  | { readonly kind: "look-again"; readonly untilMs: number; readonly after: AlertState; readonly because: string }
  /** It is over, and nobody wants to hear of it. */
  | { readonly kind: "close"; readonly after: AlertState }
  | { readonly kind: "nothing" };

/** What a group is judged by, beside its counts. */
export interface QuietFacts {
  readonly windowMs: number;
  /** How long a message of its queue can take to die. */
  readonly longestMs: number;
  /** Whether messages of it wait for their heal, or were sent again and may die of it again. */
  readonly underWay: boolean;
}

/**
 * Floods of one problem are one alert: the first failure is told at once, and what comes within a window is told at its end, with
 * its count. The all-clear ends it: when nothing has died for a window, and for as long as a message can take to die, and
 * nothing of the group is on its way. A group that somebody acknowledged is told nothing more until its all-clear, an ignored one nothing.
 */
export function nextAnnouncement(
  group: FailureGroup,
  state: AlertState | undefined,
  facts: QuietFacts,
  nowMs: number,
): Announcement {
  if (state?.sendingUntilMs !== undefined) return unfinished(state, nowMs);
  const disarmed = group.healing === "disarmed" && !state?.announcedDisarmed;
  const fresh = group.deaths - (state?.announcedDeaths ?? 0);
  // Who acknowledged a problem has not acknowledged what comes after its all-clear.
  const silent = group.state === "ignored" || (group.state === "acknowledged" && state?.state !== "clear");
  if (state?.state !== "open") {
    return !silent && (fresh > 0 || disarmed)
      ? tell(group, state, disarmed ? "healing-disarmed" : "failures", nowMs)
      : { kind: "nothing" };
  }
  if (disarmed && !silent) return tell(group, state, "healing-disarmed", nowMs);
  const windowEndMs = state.announcedAtMs + facts.windowMs;
  if (nowMs < windowEndMs) return { kind: "wait", untilMs: windowEndMs };
  if (fresh > 0 && !silent) return tell(group, state, "failures", nowMs);
  if (nowMs < (state.lookAtMs ?? 0)) return { kind: "wait", untilMs: state.lookAtMs ?? 0 };
  return whenQuiet(group, state, facts, nowMs);
}

function whenQuiet(group: FailureGroup, state: AlertState, facts: QuietFacts, nowMs: number): Announcement {
  const quietAtMs = group.lastSeenAtMs + Math.max(facts.windowMs, facts.longestMs);
  if (nowMs < quietAtMs) return lookAgain(state, quietAtMs, "a message of it may still die");
  if (facts.underWay && nowMs < group.lastSeenAtMs + LONGEST_UNDER_WAY_MS) {
    return lookAgain(state, nowMs + facts.windowMs, "messages of it are on their way");
  }
  if (group.state === "ignored") return { kind: "close", after: { ...closed(state), version: state.version + 1 } };
  return tell(group, state, "all-clear", nowMs);
}

function lookAgain(state: AlertState, untilMs: number, because: string): Announcement {
  return { kind: "look-again", untilMs, because, after: { ...state, lookAtMs: untilMs, version: state.version + 1 } };
}

function closed({ lookAtMs: _, ...state }: AlertState): AlertState {
  return { ...state, state: "clear" };
}

function tell(group: FailureGroup, state: AlertState | undefined, what: Alert["kind"], nowMs: number): Announcement {
  const before: AlertState = {
    group: group.id,
    state: what === "all-clear" ? "clear" : "open",
    version: (state?.version ?? 0) + 1,
    openedAtMs: state?.state === "open" ? state.openedAtMs : nowMs,
    announcedAtMs: nowMs,
    announcedDeaths: group.deaths,
    announcedDisarmed: group.healing === "disarmed",
    sendingUntilMs: nowMs + SENDING_MS,
    sendingCount: group.deaths - (state?.announcedDeaths ?? 0),
    sendingKind: what,
  };
  return { kind: "tell", what, before, after: sent(before), count: before.sendingCount ?? 0 };
}

function unfinished(state: AlertState, nowMs: number): Announcement {
  const { sendingUntilMs = 0, sendingCount = 0, sendingKind = "failures" } = state;
  if (nowMs < sendingUntilMs) return { kind: "wait", untilMs: sendingUntilMs };
  return { kind: "repeat", what: sendingKind, after: sent(state), count: sendingCount };
}

function sent({ sendingUntilMs: _, sendingCount: __, sendingKind: ___, ...state }: AlertState): AlertState {
  return { ...state, version: state.version + 1 };
}
