import type { Members, World } from "../../kernel/service.ts";
import { ServiceError } from "../../kernel/service-error.ts";

/** The notifications that are committed with a change and then delivered, at least once, also across a kill. */
export interface EventOutbox {
  /** Writes a message for a queue or a function, in the transaction of the change itself. */
  add(targetArn: string, message: Members): void;
  /** Delivers what is committed; called after the commit. */
  wake(): void;
  resume(): void;
  /** In words, whether something is being delivered. */
  underWay(): readonly string[];
  stop(): Promise<void>;
}

/** The most messages that are delivered at once. */
const BATCH_SIZE = 16;

/** The wait before a message goes out again whose target could not take it, ms. */
const RETRY_MS = 5_000;

interface Row {
  readonly seq: number;
  readonly targetArn: string;
  readonly message: string;
}

/** Delivers in the order of the changes; a message is forgotten after its delivery, so that a kill between repeats it. */
export function createEventOutbox(world: World): EventOutbox {
  const { store, clock } = world;
  let open = false;
  let draining: Promise<void> | undefined;
  let cancelRetry = (): void => {};

  const wake = (): void => {
    if (!open) return;
    draining ??= drain()
      .catch((error: unknown) => {
        world.report(`Notifications of S3 wait for ${RETRY_MS / 1_000} s: ${String(error)}`);
        cancelRetry();
        cancelRetry = clock.at(clock.now() + RETRY_MS, wake);
      })
      .finally(() => {
        draining = undefined;
      });
  };
  const drain = async (): Promise<void> => {
    while (open) {
      const rows = store.statement("SELECT * FROM s3_event ORDER BY seq LIMIT ?").all(BATCH_SIZE) as unknown as Row[];
      if (rows.length === 0) return;
      const outcomes = await Promise.allSettled(rows.map((row) => deliver(world, row)));
      await store.transaction(() => {
        for (const [index, { seq }] of rows.entries()) {
          if (outcomes[index]?.status === "fulfilled") store.statement("DELETE FROM s3_event WHERE seq = ?").run(seq);
        }
      });
      const failed = outcomes.find((each) => each.status === "rejected");
      if (failed) throw failed.reason;
    }
  };
  return {
    add: (targetArn, message) => {
      store
        .statement("INSERT INTO s3_event (targetArn, message) VALUES (?, ?)")
        .run(targetArn, JSON.stringify(message));
    },
    wake,
    resume: () => {
      open = true;
      wake();
    },
    underWay: () => (draining ? ["a notification of S3"] : []),
    stop: async () => {
      open = false;
      cancelRetry();
      await draining;
    },
  };
}

/** @throws what may pass; a target that is gone costs the message, as on AWS, and is reported. */
async function deliver(world: World, row: Row): Promise<void> {
  try {
    await send(world, row);
  } catch (error) {
    if (!(error instanceof ServiceError) || error.status >= 500) throw error;
    world.report(`A notification of S3 could not be delivered to ${row.targetArn}: ${error.message}`);
  }
}

async function send(world: World, { seq, targetArn, message }: Row): Promise<void> {
  const text = JSON.stringify(withSequencer(JSON.parse(message), seq));
  if (targetArn.split(":")[2] === "lambda") {
    await world.call("lambda", "Invoke", { FunctionName: targetArn, InvocationType: "Event", Payload: text });
    return;
  }
  const { QueueUrl } = await world.call("sqs", "GetQueueUrl", { QueueName: targetArn.split(":").at(-1) });
  await world.call("sqs", "SendMessage", { QueueUrl, MessageBody: text });
}

/** Sequencers tell which of two events of a key is the later one. */
function withSequencer(message: { Records?: { s3: { object: Members } }[] }, seq: number): unknown {
  for (const { s3 } of message.Records ?? []) s3.object["sequencer"] = seq.toString(16).toUpperCase().padStart(18, "0");
  return message;
}
