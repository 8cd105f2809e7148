import type { Delivery } from "../consume.ts";
import type { Consumer } from "../consumer.ts";
import { aboutAttempt } from "../log/about-message.ts";
import { logUnavailable } from "../log/log-unavailable.ts";
import { type DeferralCause, isOver } from "../message/outcome.ts";
import type { Attempted } from "../message/work.ts";
import type { ConsumePorts, VisibilityChange } from "../ports.ts";
import { inTime } from "../until-aborted.ts";
import { LONGEST_VISIBILITY_SECONDS } from "./backoff.ts";

/** When a deferred message comes back where nothing says so, seconds: long enough that a few do not wear out its receives. */
const DEFERRED_SECONDS = 5;

/** How long a message is deferred at most while a store cannot be reached, seconds: five receives outlast an outage of two minutes, and what waits is back within one. */
const OUTAGE_SECONDS = 60;

/**
 * Says when messages that stay on their queue come back: failed ones by the consumer's backoff, deferred ones soon. Where that
 * cannot be said they come back by the queue's visibility timeout. The outcomes stay as they are.
 */
export async function giveBack<T>(
  consumer: Consumer<T>,
  delivery: Delivery,
  ended: readonly Attempted[],
  ports: ConsumePorts,
): Promise<readonly Attempted[]> {
  const staying = ended.filter(({ outcome }) => !isOver(outcome));
  if (staying.length === 0) return ended;
  for (const { message, outcome } of staying) {
    if (outcome.kind !== "deferred") continue;
    const { receiveCount } = message;
    const { cause, behind, why } = outcome;
    const of = { ...aboutAttempt(consumer, message), receiveCount };
    ports.log({ level: "info", event: "message-deferred", ...of, cause, behind, why });
  }
  const changes = staying.flatMap((each) => visibilityChange(consumer, each, ports));
  const { visibility } = ports;
  if (changes.length === 0 || !visibility) return ended;
  try {
    await inTime("The queue", () => visibility.change(changes), delivery.deadline);
  } catch (error) {
    logUnavailable(consumer, { level: "warn", event: "visibility-unavailable" }, changes, error, ports);
  }
  return ended;
}

function visibilityChange<T>(
  { retry }: Consumer<T>,
  { message, outcome }: Attempted,
  { random }: ConsumePorts,
): VisibilityChange[] {
  if (outcome.kind === "deferred") {
    return [{ message, afterSeconds: withinLimits(outcome.retryAfterSeconds ?? deferredSeconds(outcome, message)) }];
  }
  if (outcome.kind !== "failed" || !retry) return [];
  return [{ message, afterSeconds: withinLimits(retry.backoff.delaySeconds(message.receiveCount, random())) }];
}

/** An outage takes as long as it takes, and each receive of it is one less until the dead-letter queue: so the later ones are farther apart. */
function deferredSeconds(
  { cause }: { readonly cause: DeferralCause },
  { receiveCount }: { readonly receiveCount: number },
): number {
  const isOutage = cause === "journal-unavailable" || cause === "quarantine-unavailable";
  return isOutage ? Math.min(OUTAGE_SECONDS, DEFERRED_SECONDS * 2 ** receiveCount) : DEFERRED_SECONDS;
}

function withinLimits(seconds: number): number {
  return Math.max(0, Math.min(Math.round(seconds), LONGEST_VISIBILITY_SECONDS));
}
