import { setTimeout as wait } from "node:timers/promises";
import {
  AuthFailure,
  DependencyFailure,
  type HandlerContext,
  PermanentFailure,
  readEnvelope,
  TimeoutFailure,
} from "@reliq/core";

/** Names a fault that the consumer is to have with a message; the attribute that asks for it. */
export const FAULT_ATTRIBUTE = "fault";

/** After how many heals the fault is over; the attribute that says it. */
export const OVER_AFTER_ATTRIBUTE = "fault_over_after_heals";

/** The name of a fault. */
export type Fault =
  | "auth"
  | "crash"
  | "dependency"
  | "hang"
  | "odd"
  | "out-of-memory"
  | "permanent"
  | "refused"
  | "slow"
  | "timeout";

/** What can go wrong with an order, on purpose. */
const FAULTS: Readonly<Record<Fault, () => unknown>> = {
  auth: () => {
    throw new AuthFailure("401 Unauthorized: the token has expired");
  },
  timeout: () => {
    throw new TimeoutFailure("the payment service did not answer in 2 s");
  },
  /** Waits for ever: the consumer gives up on it, and says so. */
  slow: () => wait(2_147_483_647, undefined, { ref: false }),
  /** Keeps the processor: nobody can say anything, until Lambda ends it. */
  hang: () => {
    for (;;);
  },
  dependency: () => {
    throw new DependencyFailure("the stock service answered 503");
  },
  refused: () => {
    throw Object.assign(new Error("connect ECONNREFUSED 10.0.0.7:443"), { code: "ECONNREFUSED" });
  },
  permanent: () => {
    throw new PermanentFailure("the order was cancelled long ago");
  },
  odd: () => {
    throw "something odd";
  },
  crash: () => process.exit(7),
  "out-of-memory": () => {
    // Arrays of 8 MB fill the heap of 256 in 0.6 s, those as large as the heap in 1.6: on a busy machine that is longer than the function may take.
    const kept: number[][] = [];
    for (;;) kept.push(new Array(1_000_000).fill(0));
  },
};

/** Has the fault that a message asks for, unless it has been healed often enough; nothing where it asks for none. */
export async function haveFault({ attributes }: Pick<HandlerContext, "attributes">): Promise<void> {
  const name = attributes[FAULT_ATTRIBUTE]?.stringValue;
  const overAfter = Number(attributes[OVER_AFTER_ATTRIBUTE]?.stringValue ?? 1);
  const heals = readEnvelope({ attributes })?.heals ?? 0;
  if (name !== undefined && Object.hasOwn(FAULTS, name) && heals < overAfter) await FAULTS[name as Fault]();
}
