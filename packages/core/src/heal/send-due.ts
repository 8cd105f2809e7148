import { ReliqError } from "../errors.ts";
import type { FailedMessage } from "../failure/failed-message.ts";
import { groupId } from "../failure/failure-group.ts";
import { isSpent, POLICY_DEFAULTS } from "../policy/decide.ts";
import type { Policy } from "../policy/policy.ts";
import type { RecoverPorts, WakeUp } from "../recover-ports.ts";
import { busyUntil } from "./busy-until.ts";
import { disarm } from "./disarm.ts";
import { type SentAgain, sendAgain, sendOnce } from "./send-again.ts";

/** The most records of one commit. */
const MOST_RECORDS = 20;

/** When a requeued message is looked after first, seconds. */
const FIRST_LOOK_SECONDS = 2;

/**
 * Sends healing messages whose time has come. A message that has been sent since this was decided may not have left: it is sent
 * once more, under the same envelope. Messages of a group whose budget is spent are held, unless a person asked for them to be
 * sent; those that wait for an earlier copy's claim wait on.
 * @throws ReliqError `heal-unsent` where one of them could not be sent, or what a port throws: the wake-up comes again.
 */
export async function sendDue(
  policy: Policy,
  wanted: Extract<WakeUp, { kind: "send" }>["failures"],
  ports: RecoverPorts,
): Promise<void> {
  const found = await ports.store.failures(wanted.map(({ id }) => id));
  const known = found.flatMap((failure, index) => (failure ? [{ failure, sends: wanted[index]?.sends ?? 0 }] : []));
  const due = known.filter(({ failure, sends }) => isDue(failure, sends, ports.now())).map(({ failure }) => failure);
  const doubtful = known.filter(({ failure, sends }) => mayNotHaveLeft(failure, sends)).map(({ failure }) => failure);
  const busy = await busyUntil(due, ports);
  const free = due.filter((_, index) => (busy[index] ?? 0) <= ports.now());
  const early = known.flatMap(({ failure, sends }) => {
    if (failure.state !== "healing" || failure.sends !== sends || free.includes(failure)) return [];
    return [{ failure, untilMs: Math.max(failure.dueAtMs ?? 0, busy[due.indexOf(failure)] ?? 0) }];
  });
  const sound = await holdSpent(policy, free, ports);
  const sent = [...(await inCommits(sound, ports)), ...(await sendOnce(doubtful, {}, ports))];
  await remind(sent, early, ports);
  refuseDoubt(sent);
}

function isDue({ state, sends, dueAtMs = 0 }: FailedMessage, decidedAt: number, nowMs: number): boolean {
  return state === "healing" && sends === decidedAt && dueAtMs <= nowMs;
}

/** What a run has sent since is the run's to look after. */
function mayNotHaveLeft({ state, sends, run }: FailedMessage, decidedAt: number): boolean {
  return state === "requeued" && run === undefined && sends === decidedAt + 1;
}

async function holdSpent(
  policy: Policy,
  due: readonly FailedMessage[],
  ports: RecoverPorts,
): Promise<readonly FailedMessage[]> {
  const decided = due.filter(({ asked }) => asked === undefined);
  const ids = decided.map(({ queue, reason }) => groupId(queue, reason.fingerprint));
  const groups = await ports.store.groups(ids);
  const budget = policy.budget ?? POLICY_DEFAULTS.budget;
  const spent = decided.filter((_, index) => {
    const group = groups[index];
    return group !== undefined && isSpent(group, budget);
  });
  await disarm(spent, groups, ports);
  return due.filter((failure) => !spent.includes(failure));
}

async function inCommits(failures: readonly FailedMessage[], ports: RecoverPorts): Promise<readonly SentAgain[]> {
  const sent: SentAgain[] = [];
  const together = Map.groupBy(failures, ({ queue, asked }) => JSON.stringify([queue, asked?.via, asked?.by]));
  for (const each of together.values()) {
    const { via, by } = each[0]?.asked ?? { via: "heal", by: "reliq" };
    for (let start = 0; start < each.length; start += MOST_RECORDS) {
      sent.push(...(await sendAgain(each.slice(start, start + MOST_RECORDS), { via, by }, ports)));
    }
  }
  return sent;
}

async function remind(
  sent: readonly SentAgain[],
  early: readonly { readonly failure: FailedMessage; readonly untilMs: number }[],
  ports: RecoverPorts,
): Promise<void> {
  const failures = sent.flatMap(({ kind, failure }) => (kind === "sent" ? [failure.id] : []));
  const observe: WakeUp = { kind: "observe", failures, round: 0 };
  await ports.wakeUps.add([
    ...(failures.length > 0 ? [{ wakeUp: observe, afterSeconds: FIRST_LOOK_SECONDS }] : []),
    ...early.map(({ failure: { id, sends }, untilMs }) => ({
      wakeUp: { kind: "send", failures: [{ id, sends }] } as const,
      afterSeconds: Math.max(0, Math.ceil((untilMs - ports.now()) / 1_000)),
    })),
  ]);
}

function refuseDoubt(sent: readonly SentAgain[]): void {
  const doubt = sent.find((each) => each.kind === "in-doubt");
  if (doubt?.kind !== "in-doubt") return;
  const message = `${doubt.failure.id} was not sent: ${doubt.error}. It is sent again.`;
  throw new ReliqError("heal-unsent", message, { retryable: true });
}
