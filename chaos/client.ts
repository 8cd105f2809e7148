import { setTimeout as wait } from "node:timers/promises";
import type { Pool } from "undici";
import { callRaw, type RawAnswer } from "../harness/raw-client.ts";
import type { Operation, Outcome, Span } from "./history.ts";
import type { Random } from "./random.ts";

/** How long the region may refuse connections until its clients give up, milliseconds. */
const LONGEST_ABSENCE_MS = 60_000;

/** How a request fails whose connection breaks while it is under way, and one that finds nobody to connect to. */
const LOST = ["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"];
const NEVER_SENT = ["ECONNREFUSED", "UND_ERR_CONNECT_TIMEOUT"];

/** One kind of load on the region, made of actors that each do one step after the other. */
export interface Load {
  /** Creates what the actors use. */
  prepare(): Promise<void>;
  readonly actors: readonly (() => Promise<void>)[];
  /** Once nothing is killed any more: receives or reads all that is there, so that the history shows it. */
  drain(): Promise<void>;
}

/** What a request came to, and when. */
export interface Answer extends Span {
  readonly outcome: Outcome;
  /** Empty where the answer was lost. */
  readonly body: Record<string, unknown>;
}

/** A client of the region that writes down what it learns. */
export interface ChaosClient {
  readonly random: Random;
  readonly operations: Operation[];
  /** A request in the JSON protocol. */
  call(service: "sqs" | "dynamodb", action: string, input: object): Promise<Answer>;
  /**
   * Any request. One that could not be sent, since nothing listens, is sent again until the region is back.
   * @throws an Error where no answer comes from a region that keeps the connection open, or it does not come back
   */
  attempt(send: (pool: Pool) => Promise<RawAnswer>): Promise<Answer>;
}

export function chaosClient(pool: Pool, random: Random): ChaosClient {
  const attempt: ChaosClient["attempt"] = async (send) => {
    const patienceEndsMs = performance.now() + LONGEST_ABSENCE_MS;
    for (;;) {
      const startedMs = performance.now();
      try {
        const { status, body } = await send(pool);
        return { startedMs, endedMs: performance.now(), outcome: outcomeOf(status, body), body };
      } catch (error) {
        const { code = "" } = error as NodeJS.ErrnoException;
        if (LOST.includes(code)) return { startedMs, endedMs: performance.now(), outcome: { kind: "lost" }, body: {} };
        if (!NEVER_SENT.includes(code) || performance.now() > patienceEndsMs) throw error;
        await wait(100);
      }
    }
  };
  return {
    random,
    operations: [],
    attempt,
    call: (service, action, input) => attempt((to) => callRaw(to, service, action, input)),
  };
}

/** @throws an Error for a request whose answer is needed to go on, and that was refused */
export function needDone({ outcome, body }: Answer): Record<string, unknown> {
  if (outcome.kind === "refused") throw new Error(`The region refused what it has to do: ${JSON.stringify(body)}`);
  return body;
}

/** What the history says of an answer. */
export function learned({ outcome, startedMs, endedMs }: Answer): Pick<Answer, "outcome" | keyof Span> {
  return { outcome, startedMs, endedMs };
}

function outcomeOf(status: number, body: Record<string, unknown>): Outcome {
  if (status < 300) return { kind: "done" };
  const code = String(body["__type"] ?? status);
  return { kind: "refused", code: code.slice(code.lastIndexOf("#") + 1) };
}
