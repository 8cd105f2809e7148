import type { StandardSchemaV1 } from "@standard-schema/spec";
import { describeError } from "../classify/thrown.ts";
import { diffContent } from "../failure/diff-content.ts";
import type { FailedMessage, MessageContent } from "../failure/failed-message.ts";
import { describeIssues } from "../message/parse-message.ts";
import { messageRedactor } from "../redact/message-redactor.ts";

/** A known fault of messages and its cure: a pure function, registered under a name that policies use. */
export interface Repair {
  readonly name: string;
  /** @default messages of every queue */
  readonly queue?: string;
  /** What the consumer takes: a repaired body must pass it. */
  readonly schema: StandardSchemaV1<unknown, unknown>;
  /** Gives the repaired body, or undefined where the fault is another one. It must not change what it is given. */
  readonly repair: (body: unknown, failure: FailedMessage) => unknown;
  /** Names of fields whose values are kept out of recorded differences and of what is said of a body. @default [] */
  readonly personalFields?: readonly string[];
}

/** What a repair makes of a message. */
export type RepairOutcome =
  | { readonly kind: "repaired"; readonly content: MessageContent; readonly diff: readonly string[] }
  | { readonly kind: "not-applicable"; readonly because: string };

/** Tries a repair on a message's content, whose body is given whole; never throws, and changes nothing. */
export async function tryRepair(repair: Repair, failure: FailedMessage, body: string): Promise<RepairOutcome> {
  const { schema, queue, personalFields = [] } = repair;
  if (queue !== undefined && queue !== failure.queue) return no(`it is for the queue ${queue}`);
  if (failure.largeBody) return no("its body is where the producer left it, too large to send");
  const redact = messageRedactor({ body, attributes: {} }, personalFields);
  try {
    const before: unknown = JSON.parse(body);
    const text: string | undefined = JSON.stringify(repair.repair(before, failure));
    if (text === undefined) return no("the fault is not there");
    if (text === JSON.stringify(before)) return no("it changes nothing");
    if (losesNumbers(body)) return no("the body has numbers that cannot be written again exactly");
    const { issues } = await schema["~standard"].validate(JSON.parse(text));
    if (issues) return no(redact(`the repaired body still does not fit its schema: ${describeIssues(issues)}`));
    const { attributes } = failure;
    const content = { body: text, attributes };
    return { kind: "repaired", content, diff: diffContent({ body, attributes }, content, personalFields) };
  } catch (thrown) {
    return no(redact(describeError(thrown)));
  }
}

/** JSON.parse rounds integers beyond 2⁵³ and turns 1e400 into Infinity: writing such a body again would change it silently. */
function losesNumbers(body: string): boolean {
  const numbers = body.replace(/"(?:[^"\\]|\\.)*"/gs, '""').match(/-?\d[\d.eE+-]*/g) ?? [];
  return numbers.some((text) => {
    const value = Number(text);
    return !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value));
  });
}

function no(because: string): RepairOutcome {
  return { kind: "not-applicable", because };
}
