import type { SQSClient } from "@aws-sdk/client-sqs";
import {
  type Claim,
  type ConsumePorts,
  type Consumer,
  type ConsumerJournal,
  consume,
  inTurn,
  isOver,
  type ReceivedMessage,
  type Visibility,
} from "@reliq/core";
import type { Metrics } from "../telemetry/metrics.ts";
import { deleteMessages } from "./delete-messages.ts";
import { startHeartbeat } from "./heartbeat.ts";
import type { Intake } from "./intake.ts";
import type { Pause } from "./pause.ts";
import type { Turns } from "./turns.ts";

/** The queue of a worker. */
export interface Queue {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly visibilitySeconds: number;
  /** Undefined where the queue has no dead-letter queue. */
  readonly maxReceiveCount?: number;
}

/** What `runWorker` works with. */
export interface WorkerPorts extends ConsumePorts {
  /** Takes note of each batch. @default none */
  readonly metrics?: Metrics;
}

interface BatchTime {
  readonly turns: Turns;
  readonly intake: Intake;
  readonly pause: Pause;
  readonly handling: AbortSignal;
  readonly answering: AbortSignal;
}

/** Takes a received batch through the consumer, out of sight of others as long as that takes, and deletes what is over. */
export async function handleBatch<T>(
  consumer: Consumer<T>,
  messages: readonly ReceivedMessage[],
  { client, queueUrl, visibilitySeconds, maxReceiveCount }: Queue,
  ports: WorkerPorts & { readonly visibility: Visibility },
  { turns, intake, pause, handling, answering }: BatchTime,
): Promise<void> {
  let unstarted = messages.length;
  const startedAtMs = ports.now();
  const beat = startHeartbeat(ports, messages, visibilitySeconds, (error) => {
    ports.log({ level: "warn", event: "heartbeat-failed", queueUrl, error: String(error) });
  });
  const turn = async (): Promise<(() => void) | "over"> => {
    const taken = await takeTurn(turns, pause);
    unstarted--;
    intake.started(1);
    return taken;
  };
  // What the consumer gives back must not be extended after that; what is over stays out of sight until it is deleted.
  const visibility: Visibility = {
    change: (changes) => {
      beat.release(changes.map(({ message }) => message));
      return ports.visibility.change(changes);
    },
  };
  const journal = watchClaims(ports.journal, beat.claimed);
  try {
    const attempted = await consume(
      consumer,
      {
        messages,
        leaseUntilMs: startedAtMs + visibilitySeconds * 1_000,
        signal: handling,
        deadline: answering,
        ...(maxReceiveCount !== undefined && { maxReceiveCount }),
      },
      { ...ports, journal, visibility, inTurn: inTurn(turn) },
    );
    const endedAtMs = ports.now();
    ports.metrics?.({ consumer: consumer.name, attempted, durationMs: endedAtMs - startedAtMs, endedAtMs });
    const over = attempted.filter(({ outcome }) => isOver(outcome)).map(({ message }) => message);
    await deleteMessages(client, queueUrl, over, ports.log);
  } finally {
    beat.stop();
    intake.started(unstarted);
  }
}

/** A message that waits for a breaker to close keeps its turn, and its place out of others' sight: it costs no receive. */
async function takeTurn(turns: Turns, pause: Pause): Promise<(() => void) | "over"> {
  const endTurn = await turns.take();
  if (endTurn === "over") return "over";
  const leave = await pause.enter();
  const end = (): void => {
    leave();
    endTurn();
  };
  if (!turns.closed()) return end;
  end();
  return "over";
}

/** A journal that says which claims it gave. */
function watchClaims(journal: ConsumerJournal, claimed: (claims: readonly Claim[]) => void): ConsumerJournal {
  return {
    claim: async (claims) => {
      const held = await journal.claim(claims);
      claimed(claims.filter((_, index) => held[index]));
      return held;
    },
    renew: journal.renew?.bind(journal),
    settle: (settlements) => journal.settle(settlements),
    lastSequences: journal.lastSequences?.bind(journal),
  };
}
