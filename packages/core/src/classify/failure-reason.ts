import { CATEGORY_TRAITS, type FailureCategory, type Severity } from "./category.ts";
import { categoryOf } from "./classify.ts";
import { authorOf, chainOf, readThrown } from "./thrown.ts";

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
  const read = readThrown(thrown);
  const category = categoryOf(thrown);
  const traits = CATEGORY_TRAITS[category];
  const author = chainOf(thrown).map(authorOf).find(Boolean);
  return {
    category,
    errorName: clip(redact(read.name), LONGEST_NAME),
    message: clip(redact(read.message), LONGEST_MESSAGE),
    stack: clip(framesFirst(redact(read.stack)), LONGEST_STACK),
    retryable: author?.retryable ?? traits.retryable,
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
