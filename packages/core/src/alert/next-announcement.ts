import type { FailureGroup } from "../failure/failure-group.ts";
import type { Alert, AlertState } from "./alert-state.ts";

/** How long an announcement may take to be sent, before whoever looks next sends it again. */
const SENDING_MS = 60_000;

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
  | { readonly kind: "wait"; readonly untilMs: number }
  | { readonly kind: "nothing" };

/**
 * Floods of one problem are one alert: the first failure is told at once, what comes within the window is told at its end with
 * its count, and a window without any is the all-clear. A group that somebody acknowledged or ignores is not told again.
 */
export function nextAnnouncement(
  group: FailureGroup,
  state: AlertState | undefined,
  windowMs: number,
  nowMs: number,
): Announcement {
  if (state?.sendingUntilMs !== undefined) return unfinished(state, nowMs);
  const disarmed = group.healing === "disarmed" && !state?.announcedDisarmed;
  const fresh = group.deaths - (state?.announcedDeaths ?? 0);
  const silent = group.state === "acknowledged" || group.state === "ignored";
  if (state?.state !== "open") {
    return !silent && (fresh > 0 || disarmed)
      ? tell(group, state, disarmed ? "healing-disarmed" : "failures", nowMs)
      : { kind: "nothing" };
  }
  if (disarmed && !silent) return tell(group, state, "healing-disarmed", nowMs);
  const windowEndMs = state.announcedAtMs + windowMs;
  if (nowMs < windowEndMs) return { kind: "wait", untilMs: windowEndMs };
  if (fresh > 0) return silent ? { kind: "wait", untilMs: nowMs + windowMs } : tell(group, state, "failures", nowMs);
  return tell(group, state, "all-clear", nowMs);
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
