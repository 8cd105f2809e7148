import type { OutgoingMessage } from "@reliq/core";
import { type GeneratedEvent, generateEvent } from "./generate-event.ts";

/** What the producer works with. */
export interface ProducePorts {
  /** Sends messages, and tells by index which of them the queue accepted. */
  readonly send: (messages: readonly OutgoingMessage[]) => Promise<readonly number[]>;
  /** From 0 up to 1, without 1. */
  readonly random: () => number;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  readonly wait: (milliseconds: number) => Promise<void>;
}

/** What one round sent: only what the queue has accepted counts. */
export interface Produced {
  readonly accepted: number;
  /** Those of the accepted that have no store. */
  readonly bad: number;
  /** Why the round ended early. */
  readonly failure?: unknown;
}

/** A burst of 8 to 10 events, a batch of SQS at most, twice a second: about 18 a second. */
const BURST_EVERY_MS = 500;
const SMALLEST_BURST = 8;
const LARGEST_BURST = 10;

/** Sends events for some seconds. A burst that cannot be sent ends the round early, with the counts of what was accepted before. */
export async function produce(seconds: number, ports: ProducePorts): Promise<Produced> {
  const startedAtMs = ports.now();
  let accepted = 0;
  let bad = 0;
  for (let bursts = 1; ports.now() < startedAtMs + seconds * 1000; bursts++) {
    const events = generateBurst(ports);
    try {
      const indexes = await ports.send(events.map((event) => event.message));
      accepted += indexes.length;
      bad += indexes.filter((index) => events[index]?.bad).length;
    } catch (failure) {
      return { accepted, bad, failure };
    }
    await ports.wait(Math.max(0, startedAtMs + bursts * BURST_EVERY_MS - ports.now()));
  }
  return { accepted, bad };
}

function generateBurst({ random, now }: ProducePorts): GeneratedEvent[] {
  const size = SMALLEST_BURST + Math.floor(random() * (LARGEST_BURST - SMALLEST_BURST + 1));
  return Array.from({ length: size }, () => generateEvent(random, now()));
}
