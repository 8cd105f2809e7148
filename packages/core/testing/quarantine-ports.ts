import type { Quarantine, RecoverPorts, WakeUp } from "../src/recovery/index.ts";
import type { FifoQueue, Queued } from "./fifo-queue.ts";
import { memoryFailureStore } from "./memory-failure-store.ts";
import type { memoryJournal } from "./memory-journal.ts";

/** What can happen at a step: nothing, its process is killed before or after it, its answer is lost, or it cannot be reached. */
export type QuarantineFault = "answer-lost" | "down" | "kill-after" | "kill-before" | "none";

/** The queue of a quarantine's world. */
export const QUEUE = "trades.fifo";

/** What the simulated services hold. */
export interface World {
  nowMs: number;
  ids: number;
  readonly faults: QuarantineFault[];
  readonly queue: FifoQueue;
  readonly reminders: { readonly wakeUp: WakeUp; visibleAtMs: number }[];
  readonly quarantine: Quarantine;
  readonly unmarked: Set<string>;
  readonly unclaimed: Set<number>;
  /** Whether a message has had its effect, and whether its claim says so. */
  readonly effectOf: (message: Queued["message"]) => Promise<"claimed" | "none" | "unclaimed">;
  /** Whether an attempt of a message is journalled. */
  readonly hasFailed: (message: Queued["message"]) => Promise<boolean>;
}

class Killed extends Error {}

/** One step of a process. */
export async function step<T>(world: World, work: () => Promise<T>, dies: () => Promise<never>): Promise<T> {
  const fault = world.faults.shift() ?? "none";
  if (fault === "kill-before") return dies();
  if (fault === "down") throw new Error("down");
  const value = await work();
  if (fault === "kill-after") return dies();
  if (fault === "answer-lost") throw new Error("lost");
  return value;
}

/** The ports of recovery: a process that is killed at one of them does nothing more. */
export function recoverPorts(world: World, journal: ReturnType<typeof memoryJournal>): RecoverPorts {
  const store = memoryFailureStore({ now: () => world.nowMs });
  const { quarantine, queue } = world;
  const dies = (): Promise<never> => Promise.reject(new Killed());
  const deed = <T>(work: () => Promise<T>): Promise<T> => step(world, work, dies);
  return {
    journal: { ...journal, read: (keys) => deed(() => journal.read(keys)) },
    store: { ...store, commit: (change) => deed(() => store.commit(change)) },
    quarantine: {
      ...quarantine,
      marks: (names) => deed(() => quarantine.marks(names)),
      commit: (change) => deed(() => quarantine.commit(change)),
    },
    archive: {
      put: () => Promise.reject(new Error("nothing is archived")),
      get: () => Promise.reject(new Error("nothing is archived")),
      putBody: async (key) => ({ bucket: "archive", key }),
      getBody: async () => "",
    },
    resend: {
      send: (messages) =>
        deed(async () =>
          messages.map(({ failure, body, envelope }) => {
            const { groupId: group = "" } = failure;
            const deduplicationId = `${envelope.id}-${envelope.sends}`;
            return queue.send({ group, body, envelope, deduplicationId }, world.nowMs);
          }),
        ),
      release: async (messages) => {
        const sent: { sequenceNumber: string }[] = [];
        for (const { message, body, envelope } of messages) {
          const deduplicationId = `${envelope.id}-${envelope.sends}`;
          try {
            const { group } = message;
            sent.push(await deed(async () => queue.send({ group, body, envelope, deduplicationId }, world.nowMs)));
          } catch (error) {
            if (error instanceof Killed) throw error;
            return { sent, error };
          }
        }
        return { sent };
      },
    },
    wakeUps: {
      add: (added) =>
        deed(async () => {
          for (const { wakeUp, afterSeconds } of added) {
            world.reminders.push({ wakeUp, visibleAtMs: world.nowMs + afterSeconds * 1_000 });
          }
        }),
    },
    alerts: { send: async () => {} },
    log: () => {},
    now: () => world.nowMs,
    random: () => 0.5,
    newId: () => `id-${++world.ids}`,
  };
}
