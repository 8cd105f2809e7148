import { Deferral } from "@reliq/core";
import type { BreakerState } from "./options.ts";

/** Where instances tell each other that a service is in trouble: `dynamodbBreakers` of `@reliq/aws`. */
export interface SharedBreakers {
  /** Until when a service's breaker is open, by what any instance has said last, milliseconds since the Unix epoch; 0 where nobody has. */
  openUntilMs(downstream: string): Promise<number>;
  /** Says that it is open until then; a later end that is known stays. */
  opened(downstream: string, untilMs: number): Promise<void>;
}

/** How one call ended that the shared breaker let through. */
export type CallEnd = "answered" | "in-trouble" | "unknown";

/** What an instance knows of the others' breakers. */
export interface SharedBreaker {
  state(): BreakerState;
  /** How long it stays open yet, seconds; 0 where it is not open. */
  openForSeconds(): number;
  /**
   * Lets a call through, and gives what to say at its end.
   * @throws Deferral while another instance's breaker is open, and afterwards while one call tries whether the service is back.
   */
  enter(): (end: CallEnd) => void;
  /** This instance's own breaker has opened: the others are told. */
  opened(): void;
}

/** Times of a shared breaker, seconds. */
export interface SharedBreakerTimes {
  readonly askSeconds: number;
  readonly openSeconds: number;
  /** How long the calls beside one that tries are deferred: until it is known how that ended, since each deferral costs its message a receive. */
  readonly tryingSeconds: number;
}

/**
 * Makes a breaker that goes by what the others have learned. It asks them at most every so many seconds and never makes a call wait for the
 * answer; a board that cannot be reached leaves the instance to its own breaker.
 */
export function createSharedBreaker(
  name: string,
  board: SharedBreakers,
  { askSeconds, openSeconds, tryingSeconds }: SharedBreakerTimes,
  onChange: () => void,
): SharedBreaker {
  let openUntilMs = 0;
  let proven = true;
  let trying = false;
  let askedAtMs = 0;
  const open = (untilMs: number): void => {
    if (untilMs <= openUntilMs || untilMs <= Date.now()) return;
    openUntilMs = untilMs;
    proven = false;
    onChange();
  };
  const ask = (): void => {
    if (Date.now() < askedAtMs + askSeconds * 1_000) return;
    askedAtMs = Date.now();
    board.openUntilMs(name).then(open, () => {});
  };
  const opened = (): void => {
    const untilMs = Date.now() + openSeconds * 1_000;
    open(untilMs);
    board.opened(name, untilMs).catch(() => {});
  };
  const openForSeconds = (): number => Math.max(0, openUntilMs - Date.now()) / 1_000;
  const end = (how: CallEnd): void => {
    trying = false;
    if (how === "in-trouble") opened();
    if (how !== "answered") return;
    proven = true;
    onChange();
  };
  return {
    openForSeconds,
    opened,
    state: () => {
      ask();
      return openForSeconds() > 0 ? "open" : proven ? "closed" : "half-open";
    },
    enter: () => {
      ask();
      const openFor = Math.ceil(openForSeconds());
      if (openFor > 0) throw new Deferral(`The breaker of ${name} is open.`, { retryAfterSeconds: openFor });
      if (proven) return () => {};
      if (trying) throw new Deferral(`The breaker of ${name} tries.`, { retryAfterSeconds: tryingSeconds });
      trying = true;
      return end;
    },
  };
}
