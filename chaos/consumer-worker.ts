import { setTimeout as wait } from "node:timers/promises";
import { runWorker } from "@reliq/aws";
import { type Consumer, consumer, exponential, type HandlerContext } from "@reliq/core";
import { regionClients } from "./chaos-region.ts";
import { consumePorts } from "./consume-ports.ts";
import { appendEffect, putOnce, recordHolds, recordRun } from "./consumer-effects.ts";
import { type Fault, MODES, type Mode, type SentMessage } from "./consumer-history.ts";
import { watchHolds } from "./consumer-holds.ts";

/** What a worker is told. */
export interface WorkerTask {
  /** Its name, which no other has, a later one in its place neither. */
  readonly worker: string;
  readonly endpoint: string;
  /** Where it writes its runs down. */
  readonly directory: string;
  readonly queueUrls: Readonly<Record<Mode, string>>;
}

/** How long a handler may take, seconds. */
const TIMEOUT_SECONDS = 1;

const { worker, endpoint, directory, queueUrls } = JSON.parse(process.argv[2] ?? "{}") as WorkerTask;
const { dynamodb, sqs } = regionClients(endpoint);
watchHolds(sqs, worker, (holds) => recordHolds(directory, worker, holds));
const stop = new AbortController();
process.once("SIGTERM", () => stop.abort());
// Without whoever started it, nobody would end it.
process.once("disconnect", () => process.exit());
const ports = consumePorts(dynamodb);
process.send?.("working");
await Promise.all(
  MODES.map((mode) =>
    runWorker(consumerOf(mode), ports, { queueUrl: queueUrls[mode], client: sqs, signal: stop.signal }),
  ),
);
process.exit();

function consumerOf(mode: Mode): Consumer<SentMessage> {
  const byItsKey = { idempotency: { key: ({ key }: SentMessage) => key } };
  return consumer({
    name: mode,
    schema: { "~standard": { version: 1, vendor: "chaos", validate: (value) => ({ value: value as SentMessage }) } },
    timeoutSeconds: TIMEOUT_SECONDS,
    retry: { backoff: exponential({ baseSeconds: 1, capSeconds: 2 }) },
    ...(mode === "plain" || mode === "sequence" ? {} : byItsKey),
    ...(mode === "plain" || mode === "keyed"
      ? { handle: handleAtOnce }
      : { effect: "transactional", handle: handleByWrites }),
  });
}

async function handleAtOnce(message: SentMessage, { messageId, receiveCount, signal }: HandlerContext): Promise<void> {
  const fault = faultOf(message, receiveCount);
  if (fault?.when === "before") await fail(fault);
  if (message.mode === "keyed") await putOnce(dynamodb, message);
  const { mode, key } = message;
  recordRun(directory, { mode, key, worker, messageId, receiveCount, atMs: Date.now(), late: signal.aborted });
  if (fault) await fail(fault);
}

async function handleByWrites(message: SentMessage, { receiveCount }: HandlerContext): Promise<object> {
  const fault = faultOf(message, receiveCount);
  if (fault?.when === "before") await fail(fault);
  if (fault?.kind === "throw") await fail(fault);
  if (fault?.kind === "hang") await wait(TIMEOUT_SECONDS * 1_300);
  if (fault?.kind === "exit") setTimeout(() => process.exit(), Math.random() * 10);
  return { writes: [appendEffect(message)] };
}

function faultOf({ fault }: SentMessage, receiveCount: number): Fault | undefined {
  return fault && receiveCount <= fault.receives ? fault : undefined;
}

function fail({ kind }: Fault): Promise<never> {
  switch (kind) {
    case "throw":
      throw new Error("as it was told");
    case "hang":
      return new Promise(() => {});
    case "exit":
      process.exit();
  }
}
