import { type MergedWakeUp, mergeWakeUps, type RecoverPorts, type WakeUp, wake } from "@reliq/core/recovery";
import type { SQSRecord } from "aws-lambda";
import { readWakeUp } from "./sqs-wake-ups.ts";

/** A wake-up and how long it is still to wait, seconds; and which of the records it came with. */
interface Received {
  readonly wakeUp: WakeUp;
  readonly afterSeconds: number;
  readonly index: number;
}

/**
 * Carries out the reminders of a batch: those that do the same together, and where that fails each alone, so that one which
 * cannot be done keeps none of the others. Gives back the SQS ids of those that come back.
 */
export async function wakeAll(
  records: readonly SQSRecord[],
  rules: Parameters<typeof wake>[0],
  ports: RecoverPorts,
): Promise<readonly string[]> {
  const failed = new Map<number, unknown>();
  const received = records.flatMap(({ body }, index): readonly Received[] => {
    try {
      const { wakeUp, dueAtMs } = readWakeUp(body);
      return [{ wakeUp, afterSeconds: (dueAtMs - ports.now()) / 1_000, index }];
    } catch (error) {
      failed.set(index, error);
      return [];
    }
  });
  const early = received.filter(({ afterSeconds }) => afterSeconds > 1);
  const due = received.filter(({ afterSeconds }) => afterSeconds <= 1);
  const merged = mergeWakeUps(due.map(({ wakeUp }) => wakeUp));
  await Promise.all([
    sendOn(early, failed, ports),
    ...merged.map((each) => wakeTogether(each, due, failed, rules, ports)),
  ]);
  for (const [index, error] of failed) {
    const wakeUp = records[index]?.body.slice(0, 500);
    ports.log({ level: "error", event: "wake-up-failed", wakeUp, error: String(error) });
  }
  return [...failed.keys()].map((index) => records[index]?.messageId ?? "");
}

async function sendOn(
  early: readonly Received[],
  failed: Map<number, unknown>,
  { wakeUps }: RecoverPorts,
): Promise<void> {
  if (early.length === 0) return;
  try {
    await wakeUps.add(early.map(({ wakeUp, afterSeconds }) => ({ wakeUp, afterSeconds })));
  } catch (error) {
    for (const { index } of early) failed.set(index, error);
  }
}

async function wakeTogether(
  { wakeUp, of }: MergedWakeUp,
  due: readonly Received[],
  failed: Map<number, unknown>,
  rules: Parameters<typeof wake>[0],
  ports: RecoverPorts,
): Promise<void> {
  try {
    await wake(rules, wakeUp, ports);
  } catch (error) {
    const some = of.flatMap((place) => due[place] ?? []);
    const [only, ...others] = some;
    if (only && others.length === 0) failed.set(only.index, error);
    else await Promise.all(some.map((each) => wakeAlone(each, failed, rules, ports)));
  }
}

async function wakeAlone(
  { wakeUp, index }: Received,
  failed: Map<number, unknown>,
  rules: Parameters<typeof wake>[0],
  ports: RecoverPorts,
): Promise<void> {
  try {
    await wake(rules, wakeUp, ports);
  } catch (error) {
    failed.set(index, error);
  }
}
