import {
  type ConsumerOptions,
  consume,
  consumer,
  type Decryption,
  type Delivery,
  type HandlerContext,
  type Outcome,
  type ReceivedMessage,
} from "../src/index.ts";
import { NEVER } from "./never.ts";
import { type SamplePorts, samplePorts } from "./sample-ports.ts";
import { anyBody, sampleMessage } from "./samples.ts";

/** What a handler was given. */
interface Seen {
  readonly body: unknown;
  readonly attributes: HandlerContext["attributes"];
}

/** How a batch of a consumer ended, and what its handler saw. */
export interface BatchRun {
  readonly outcomes: readonly Outcome[];
  readonly seen: readonly Seen[];
  readonly lines: string;
}

/** Takes a batch of messages, m-0, m-1, …, through a consumer of any body. */
export async function runBatch(
  messages: readonly Partial<ReceivedMessage>[],
  options: Partial<ConsumerOptions<unknown>> = {},
  ports: Partial<SamplePorts> = {},
): Promise<BatchRun> {
  const seen: Seen[] = [];
  const handle = (body: unknown, { attributes }: HandlerContext): void => void seen.push({ body, attributes });
  const orders = consumer({ name: "orders", schema: anyBody, handle, ...options });
  const numbered = messages.map((changes, index) => sampleMessage({ messageId: `m-${index}`, ...changes }));
  const delivery: Delivery = { messages: numbered, signal: NEVER, deadline: NEVER, leaseUntilMs: Date.UTC(2026, 1, 2) };
  const used = samplePorts(ports);
  const attempted = await consume(orders, delivery, used);
  return { outcomes: attempted.map(({ outcome }) => outcome), seen, lines: JSON.stringify(used.lines) };
}

/** Why the first message of a batch failed before its handler; its whole outcome where it did not. */
export async function reasonOf(...given: Parameters<typeof runBatch>): Promise<unknown> {
  const { outcomes, seen } = await runBatch(...given);
  const [outcome] = outcomes;
  return outcome?.kind === "failed" && seen.length === 0 ? outcome.reason : outcome;
}

/** Opens fields by turning them around. */
export const turnedAround: Decryption = {
  decrypt: async (fields) =>
    Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, [...value].reverse().join("")])),
};
