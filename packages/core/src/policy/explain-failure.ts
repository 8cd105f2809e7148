import { type RecoveryRules, tryRepairs } from "../capture/decide-letter.ts";
import { ReliqError } from "../errors.ts";
import type { FailedMessage } from "../failure/failed-message.ts";
import { groupId } from "../failure/failure-group.ts";
import { wholeBody } from "../heal/whole-body.ts";
import type { RecoverPorts } from "../recover-ports.ts";
import { asItDied } from "./as-it-died.ts";
import { type Explanation, explainDecision } from "./decide.ts";

/** What was decided of a failed message, and what a policy would decide of its last death. */
export interface FailureExplanation extends Explanation {
  readonly failure: string;
  /** What its record says. */
  readonly decided: Pick<FailedMessage, "alert" | "because" | "rule" | "state">;
}

/**
 * Says rule by rule what a policy makes of a failed message as it died last, with its group as it is now; it changes nothing.
 * @throws ReliqError `failure-unknown`
 */
export async function explainFailure(
  rules: RecoveryRules,
  id: string,
  ports: Pick<RecoverPorts, "archive" | "store">,
): Promise<FailureExplanation> {
  const [failure] = await ports.store.failures([id]);
  if (!failure) throw new ReliqError("failure-unknown", `There is no failed message ${id}.`);
  const [group] = await ports.store.groups([groupId(failure.queue, failure.reason.fingerprint)]);
  const named = rules.policy.rules.some(({ repair }) => repair !== undefined);
  const repairs = named ? await tryRepairs(rules, failure, await wholeBody(failure, ports)) : new Map();
  const facts = { failure: asItDied(failure), group, repairs, nowMs: failure.diedAtMs };
  const { alert, because, rule, state } = failure;
  return { failure: id, decided: { alert, because, rule, state }, ...explainDecision(rules.policy, facts) };
}
