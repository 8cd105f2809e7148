import { sendInTurn } from "../edit/send-held.ts";
import { ReliqError } from "../errors.ts";
import type { FailedMessage } from "../failure/failed-message.ts";
import { groupId } from "../failure/failure-group.ts";
import { inCommits } from "../failure/in-commits.ts";
import { isFifo } from "../order/is-fifo.ts";
import { isSpent, POLICY_DEFAULTS } from "../policy/decide.ts";
import type { Policy } from "../policy/policy.ts";
import type { DueSend, RecoverPorts, WakeUp } from "../recover-ports.ts";
import { busyUntil } from "./busy-until.ts";
import { disarm } from "./disarm.ts";
import { type SentAgain, sendAgain, sendOnce } from "./send-again.ts";

/** When a requeued message is looked after first, seconds. */
const FIRST_LOOK_SECONDS = 2;

/**
 * Sends healing messages whose time has come. A message that has been sent since this was decided may not have left: it is sent
 * once more, under the same envelope. Messages of a group whose budget is spent are held, unless a person asked for them to be
 * sent; those that wait for an earlier copy's claim wait on, and on FIFO the ones behind them do. On FIFO none is sent while it is
 * not known that SQS has the ones before it.
 * @throws ReliqError `heal-unsent` where one of them could not be sent, or what a port throws: the wake-up comes again.
 */
export async function sendDue(
  policy: Policy,
  { failures, then = [] }: Pick<Extract<WakeUp, { kind: "send" }>, "failures" | "then">,
  ports: RecoverPorts,
): Promise<void> {
  // Two letters of one death that were captured together remind of one message twice.
  const wanted = [...new Map(failures.map((each) => [each.id, each])).values()];
  const found = await ports.store.failures(wanted.map(({ id }) => id));
  const known = found.flatMap((failure, index) => (failure ? [{ failure, sends: wanted[index]?.sends ?? 0 }] : []));
  const due = known.filter(({ failure, sends }) => isDue(failure, sends, ports.now())).map(({ failure }) => failure);
  const doubtful = known.filter(({ failure, sends }) => mayNotHaveLeft(failure, sends)).map(({ failure }) => failure);
  const early = await findEarly(known, due, ports);
  const free = due.filter((failure) => !early.some((each) => each.failure === failure));
  const sound = await holdSpent(policy, free, ports);
  const again = await sendOnce(doubtful, {}, ports);
  const stops = again.some(({ kind, failure }) => kind === "in-doubt" && isFifo(failure.queue));
  const sent = [...again, ...(stops ? [] : await sendAll(sound, ports))];
  await remind(sent, then.length > 0 ? [] : early, ports);
  refuseUnsent(sent);
  await goOn(then, early, ports);
}

interface Early {
  readonly failure: FailedMessage;
  readonly untilMs: number;
}

/** Healing messages whose time has not come, or that an earlier copy's claim keeps; on FIFO, those of their groups behind them too. */
async function findEarly(
  known: readonly { readonly failure: FailedMessage; readonly sends: number }[],
  due: readonly FailedMessage[],
  ports: RecoverPorts,
): Promise<readonly Early[]> {
  const busy = await busyUntil(due, ports);
  const groups = new Map<string, number>();
  return known.flatMap(({ failure, sends }) => {
    if (failure.state !== "healing" || failure.sends !== sends) return [];
    const { dueAtMs = 0, queue, groupId: group } = failure;
    const ownMs = Math.max(dueAtMs, busy[due.indexOf(failure)] ?? 0);
    const inOrder = group !== undefined && isFifo(queue);
    const untilMs = Math.max(ownMs, (inOrder && groups.get(group)) || 0);
    if (untilMs <= ports.now()) return [];
    if (inOrder) groups.set(group, untilMs);
    return [{ failure, untilMs }];
  });
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

async function sendAll(failures: readonly FailedMessage[], ports: RecoverPorts): Promise<readonly SentAgain[]> {
  const sent: SentAgain[] = [];
  const together = Map.groupBy(failures, ({ queue, asked }) => JSON.stringify([queue, asked?.via, asked?.by]));
  for (const each of together.values()) {
    const { via, by } = each[0]?.asked ?? { via: "heal", by: "reliq" };
    for (const some of inCommits(each)) {
      const ends = await sendAgain(some, { via, by }, ports);
      sent.push(...ends);
      if (isFifo(each[0]?.queue ?? "") && ends.some(isUnsent)) return sent;
    }
  }
  return sent;
}

async function remind(sent: readonly SentAgain[], early: readonly Early[], ports: RecoverPorts): Promise<void> {
  const failures = sent.flatMap(({ kind, failure }) => (kind === "sent" ? [failure.id] : []));
  const observe: WakeUp = { kind: "observe", failures, round: 0 };
  await ports.wakeUps.add([
    ...(failures.length > 0 ? [{ wakeUp: observe, afterSeconds: FIRST_LOOK_SECONDS }] : []),
    ...early.map(({ failure: { id, sends }, untilMs }) => ({
      wakeUp: { kind: "send", failures: [{ id, sends }] } as const,
      afterSeconds: secondsUntil(untilMs, ports),
    })),
  ]);
}

/** What comes after a page that SQS has: what was too early in it, then the next page. */
async function goOn(then: readonly DueSend[], early: readonly Early[], ports: RecoverPorts): Promise<void> {
  if (then.length === 0) return;
  const first = early.map(({ failure: { id, sends } }): DueSend => ({ id, sends }));
  const untilMs = Math.max(0, ...early.map((each) => each.untilMs));
  await ports.wakeUps.add([{ wakeUp: sendInTurn([...first, ...then]), afterSeconds: secondsUntil(untilMs, ports) }]);
}

function secondsUntil(untilMs: number, { now }: Pick<RecoverPorts, "now">): number {
  return Math.max(0, Math.ceil((untilMs - now()) / 1_000));
}

function isUnsent({ kind, failure }: SentAgain): boolean {
  // On FIFO somebody else may be at it, and have sent nothing yet.
  return kind === "in-doubt" || (kind === "conflict" && isFifo(failure.queue));
}

function refuseUnsent(sent: readonly SentAgain[]): void {
  const unsent = sent.find(isUnsent);
  if (unsent === undefined) return;
  const why = unsent.kind === "in-doubt" ? unsent.error : "it has just changed";
  const message = `${unsent.failure.id} was not sent: ${why}. It is looked at again.`;
  throw new ReliqError("heal-unsent", message, { retryable: true });
}
