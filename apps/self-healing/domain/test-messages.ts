import type { CauseOfDeath, OutgoingMessage } from "@reliq/core";
import type { FailureType } from "./failure-types.ts";
import { FAULT_ATTRIBUTE, type Fault, OVER_AFTER_ATTRIBUTE } from "./faults.ts";

/** Where a test message is to end, and why. */
export interface ExpectedEnd {
  /** Of its kind, in words. */
  readonly kind: string;
  readonly state: "archived" | "held" | "processed" | "resolved";
  readonly failureType?: FailureType;
  readonly cause?: CauseOfDeath;
  readonly errorName?: string;
  /** How often it was healed. */
  readonly heals: number;
}

/** A message that is sent to see what becomes of it. */
export interface TestMessage {
  readonly message: OutgoingMessage;
  readonly expected: ExpectedEnd;
}

interface Kind extends Omit<ExpectedEnd, "heals"> {
  readonly count: number;
  readonly fault?: Fault;
  /** @default 1, and for what is not healed 0 */
  readonly heals?: number;
  readonly overAfter?: number;
  readonly body?: (order: object) => string;
}

const threw = { cause: "threw" } as const;

/** 31 messages: what each kind of failure ends as. */
const KINDS: readonly Kind[] = [
  { kind: "good", count: 8, state: "processed" },
  { kind: "auth", count: 2, fault: "auth", state: "held", failureType: "AUTH_FAILURE", ...threw },
  {
    kind: "missing field",
    count: 3,
    state: "archived",
    failureType: "VALIDATION_ERROR",
    ...threw,
    body: (order) => JSON.stringify({ ...order, amount: undefined }),
  },
  {
    kind: "not JSON",
    count: 3,
    state: "archived",
    failureType: "BAD_PAYLOAD",
    ...threw,
    body: (order) => JSON.stringify(order).slice(0, -1),
  },
  { kind: "timeout", count: 2, fault: "timeout", state: "resolved", failureType: "TIMEOUT", ...threw },
  { kind: "slow", count: 2, fault: "slow", state: "resolved", failureType: "TIMEOUT", ...threw },
  { kind: "hang", count: 1, fault: "hang", state: "resolved", failureType: "TIMEOUT", cause: "timed-out" },
  { kind: "503", count: 3, fault: "dependency", state: "resolved", failureType: "DEPENDENCY_FAILURE", ...threw },
  { kind: "refused", count: 1, fault: "refused", state: "resolved", failureType: "DEPENDENCY_FAILURE", ...threw },
  {
    kind: "503 for ever",
    count: 1,
    fault: "dependency",
    overAfter: 1_000,
    heals: 3,
    state: "archived",
    failureType: "DEPENDENCY_FAILURE",
    ...threw,
  },
  { kind: "odd", count: 2, fault: "odd", state: "archived", failureType: "UNKNOWN", ...threw },
  { kind: "permanent", count: 1, fault: "permanent", state: "archived", failureType: "UNKNOWN", ...threw },
  {
    kind: "crash",
    count: 1,
    fault: "crash",
    state: "archived",
    failureType: "UNKNOWN",
    cause: "crashed",
    errorName: "Crashed",
  },
  {
    kind: "out of memory",
    count: 1,
    fault: "out-of-memory",
    state: "archived",
    failureType: "UNKNOWN",
    cause: "crashed",
    errorName: "OutOfMemory",
  },
];

/** The names of all kinds. */
export const TEST_KINDS: readonly string[] = KINDS.map(({ kind }) => kind);

/** Makes test messages, of some kinds or of all, each of its own order; `run` tells one round from another. */
export function testMessages(run: string, kinds: readonly string[] = TEST_KINDS): readonly TestMessage[] {
  return KINDS.filter(({ kind }) => kinds.includes(kind)).flatMap((kind) =>
    Array.from({ length: kind.count }, (_, index) =>
      testMessage(kind, `${run}-${kind.kind.replaceAll(" ", "-")}-${index + 1}`),
    ),
  );
}

function testMessage(
  { count: _, fault, overAfter, body = JSON.stringify, ...expected }: Kind,
  orderId: string,
): TestMessage {
  const order = { orderId, customerId: "customer-1", amount: 10 };
  const text = (stringValue: string) => ({ dataType: "String", stringValue });
  return {
    message: {
      body: body(order),
      attributes: {
        ...(fault !== undefined && { [FAULT_ATTRIBUTE]: text(fault) }),
        ...(overAfter !== undefined && {
          [OVER_AFTER_ATTRIBUTE]: { dataType: "Number", stringValue: String(overAfter) },
        }),
      },
    },
    expected: { ...expected, heals: expected.heals ?? (expected.state === "resolved" ? 1 : 0) },
  };
}
