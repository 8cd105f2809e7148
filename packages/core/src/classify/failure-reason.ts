import { CATEGORY_TRAITS, type FailureCategory, type Severity } from "./category.ts";
import { findMeaning } from "./classify.ts";
import { read, readThrown } from "./thrown.ts";

/** Why one attempt failed. */
export interface FailureReason {
  readonly category: FailureCategory;
  /** At most 200 characters. */
  readonly errorName: string;
  /** At most 2,000 characters. */
  readonly message: string;
  /** At most 4,000 characters; empty where something other than an Error was thrown. */
  readonly stack: string;
  readonly retryable: boolean;
  readonly severity: Severity;
}

/** The reason of a death, with the problem that it is one of. */
export interface GroupedReason extends FailureReason {
  /** Equal for failures that are the same problem; begins with the version of the rule (`1:`). */
  readonly fingerprint: string;
}

const LONGEST_NAME = 200;
const LONGEST_MESSAGE = 2_000;
const LONGEST_STACK = 4_000;

/** Says why an attempt failed, from what it threw, whatever that is; never throws. `redact` takes personal data out of texts. */
export function failureReason(thrown: unknown, redact: (text: string) => string = (text) => text): FailureReason {
  const { name, message, stack } = readThrown(thrown);
  const found = findMeaning(thrown);
  const author = typeof found === "string" ? { category: found } : found;
  const { category } = author;
  const traits = CATEGORY_TRAITS[category];
  const retryable = read(author, "retryable");
  return {
    category,
    errorName: clip(redact(name), LONGEST_NAME),
    message: clip(redact(message), LONGEST_MESSAGE),
    stack: clip(framesFirst(redact(stack)), LONGEST_STACK),
    retryable: typeof retryable === "boolean" ? retryable : traits.retryable,
    severity: traits.severity,
  };
}

/** Where not all of a stack can be kept, its frames are: the message that stands before them is kept beside it. */
function framesFirst(stack: string): string {
  return stack.length > LONGEST_STACK ? stack.slice(stack.indexOf("\n    at ") + 1) : stack;
}

/** A cut through a surrogate pair, or half a pair in the text itself, would make DynamoDB refuse the whole batch of entries. */
function clip(text: string, characters: number): string {
  return text.slice(0, characters).toWellFormed();
}
