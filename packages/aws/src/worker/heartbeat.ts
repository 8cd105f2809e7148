import {
  type Claim,
  type ConsumerJournal,
  LONGEST_VISIBILITY_SECONDS,
  type ReceivedMessage,
  type Visibility,
} from "@reliq/core";

/** Keeps a batch's messages out of sight, and its claims leased, while they are worked on. */
export interface Heartbeat {
  /** Renews these claims too, as long as their messages are held. */
  claimed(claims: readonly Claim[]): void;
  /** Extends these messages and their claims no more. */
  release(messages: readonly ReceivedMessage[]): void;
  /** Ends it: nothing is extended any more, a request under way included once it is answered. */
  stop(): void;
}

interface Extended {
  readonly visibility: Visibility;
  readonly journal: ConsumerJournal;
  readonly now: () => number;
}

/** Near the 12 hours that a message can be out of sight in all, the service refuses: the last beat is this many seconds before. */
const MARGIN_SECONDS = 60;

/**
 * Extends the visibility of a batch's messages, and the leases of its claims, each in one request, every half visibility timeout, until it is
 * stopped or 12 hours are over (SQS developer guide, "Amazon SQS visibility timeout"). A beat that fails is repeated at the next one.
 */
export function startHeartbeat(
  { visibility, journal, now }: Extended,
  messages: readonly ReceivedMessage[],
  visibilitySeconds: number,
  onError: (error: unknown) => void,
): Heartbeat {
  const startedAtMs = now();
  const held = new Set(messages);
  const claims = new Map<string, Claim>();
  const renew = async (afterSeconds: number): Promise<void> => {
    const nowMs = now();
    const renewed = [...claims.values()].map((claim) => renewedClaim(claim, nowMs, afterSeconds));
    if (renewed.length === 0) return;
    const answers = await journal.renew?.(renewed);
    // What is done, or taken over, is nobody's to renew.
    for (const [index, { messageId }] of renewed.entries()) if (!answers?.[index]) claims.delete(messageId);
  };
  const timer = setInterval(() => {
    const heldSeconds = Math.ceil((now() - startedAtMs) / 1_000);
    const leftSeconds = LONGEST_VISIBILITY_SECONDS - MARGIN_SECONDS - heldSeconds;
    if (leftSeconds <= 0 || held.size === 0) return clearInterval(timer);
    const afterSeconds = Math.min(visibilitySeconds, leftSeconds);
    visibility.change([...held].map((message) => ({ message, afterSeconds }))).catch(onError);
    renew(afterSeconds).catch(onError);
  }, visibilitySeconds * 500);
  return {
    claimed: (made) => {
      for (const claim of made) claims.set(claim.messageId, claim);
    },
    release: (given) => {
      for (const message of given) {
        held.delete(message);
        claims.delete(message.messageId);
      }
    },
    stop: () => clearInterval(timer),
  };
}

/** As if it were claimed now. */
function renewedClaim(claim: Claim, nowMs: number, leaseSeconds: number): Claim {
  return { ...claim, nowMs, leaseUntilMs: nowMs + leaseSeconds * 1_000 };
}
