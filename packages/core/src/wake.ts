import { checkAccount } from "./account/check-account.ts";
import { type AlertTimes, announce } from "./alert/announce.ts";
import { sweepApprovals } from "./approval/decide-approval.ts";
import type { RecoveryRules } from "./capture/decide-letter.ts";
import { observe } from "./heal/observe.ts";
import { sendDue } from "./heal/send-due.ts";
import { isFifo } from "./order/is-fifo.ts";
import { POLICY_DEFAULTS } from "./policy/decide.ts";
import { releaseGroup } from "./quarantine/release-group.ts";
import type { RecoverPorts, WakeUp } from "./recover-ports.ts";
import { advanceRun } from "./redrive/advance-run.ts";
import { forgottenRuns } from "./redrive/forgotten-runs.ts";

/** What recovery knows of the queues that it serves. */
export interface RecoveryRulesOfQueues extends RecoveryRules {
  /** Their names. */
  readonly queues: readonly string[];
  /** The longest that a queue's receives can take before a message of it is dead-lettered again, seconds: receives × visibility timeout. */
  readonly longestSeconds: (queue: string) => number;
}

/**
 * Carries out what recovery was reminded of. Each can come more than once, and at the same time.
 * @throws where it could not be done: the wake-up comes again.
 */
export async function wake(rules: RecoveryRulesOfQueues, wakeUp: WakeUp, ports: RecoverPorts): Promise<void> {
  switch (wakeUp.kind) {
    case "send":
      return sendDue(rules.policy, wakeUp, ports);
    case "observe":
      return observe(wakeUp.failures, wakeUp.round, rules.longestSeconds, ports);
    case "alert":
      return announce(wakeUp.group, alertTimes(rules), ports);
    case "run":
      return advanceRun(wakeUp.run, rules.longestSeconds, ports);
    case "release":
      return releaseGroup(rules, wakeUp, ports);
  }
}

function alertTimes({ policy, longestSeconds }: RecoveryRulesOfQueues): AlertTimes {
  return { windowSeconds: policy.alertWindowSeconds ?? POLICY_DEFAULTS.alertWindowSeconds, longestSeconds };
}

/** How far overdue something is before it is taken for forgotten, ms. */
const FORGOTTEN_MS = 60_000;

/** A run that waits for outcomes changes nothing, so silence says less of it. */
const FORGOTTEN_RUN_MS = 900_000;

/** Looks for what was forgotten, which only a kill between a commit and its wake-up can do: run it every few minutes. */
export async function sweep(rules: RecoveryRulesOfQueues, ports: RecoverPorts): Promise<void> {
  const { longestSeconds, queues } = rules;
  const { store, wakeUps, now } = ports;
  const [healing, requeued] = await Promise.all([
    store.overdue("healing", now() - FORGOTTEN_MS),
    store.overdue("requeued", now() - FORGOTTEN_MS),
  ]);
  const due = (await store.failures(healing)).flatMap((failure) => (failure?.state === "healing" ? [failure] : []));
  const failures = due.map(({ id, sends }) => ({ id, sends }));
  if (failures.length > 0) await wakeUps.add([{ wakeUp: { kind: "send", failures }, afterSeconds: 0 }]);
  const runs = await forgottenRuns(now() - FORGOTTEN_RUN_MS, store);
  if (runs.length > 0) await wakeUps.add(runs.map((run) => ({ wakeUp: { kind: "run", run }, afterSeconds: 0 })));
  await observe(requeued, Number.POSITIVE_INFINITY, longestSeconds, ports);
  for (const queue of queues.filter(isFifo)) {
    for (const { group } of await ports.quarantine.open(queue)) {
      await releaseGroup(rules, { queue, group, round: Number.POSITIVE_INFINITY }, ports);
    }
  }
  await sweepApprovals(rules, ports);
  await checkAccount(ports);
}
