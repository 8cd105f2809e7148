import type { FailureCategory } from "./classify/category.ts";

interface FailureOptions {
  readonly cause?: unknown;
  /** @default what the category says */
  readonly retryable?: boolean;
}

/** Marks every Failure, also one of another copy of this package: a bundle can hold two, and `instanceof` knows only its own. */
export const FAILURE: symbol = Symbol.for("@reliq/core.Failure");

/** A failure whose author says what kind it is; classification takes its word. Throw one of its kinds from a handler. */
export class Failure extends Error {
  override readonly name: string = "Failure";
  readonly category: FailureCategory;
  readonly retryable: boolean | undefined;

  constructor(category: FailureCategory, message: string, options: FailureOptions = {}) {
    super(message, { cause: options.cause });
    this.category = category;
    this.retryable = options.retryable;
  }
}
Object.defineProperty(Failure.prototype, FAILURE, { value: true });

/** The body cannot be read at all: not JSON, wrong encoding. Never retryable. */
export class BadPayloadFailure extends Failure {
  override readonly name = "BadPayloadFailure";
  constructor(message: string, options?: FailureOptions) {
    super("bad-payload", message, options);
  }
}

/** The message can be read but breaks a rule: a missing field, a value out of range. Never retryable. */
export class ValidationFailure extends Failure {
  override readonly name = "ValidationFailure";
  constructor(message: string, options?: FailureOptions) {
    super("validation", message, options);
  }
}

/** Reliq was set up or called in a way that cannot work, or cannot go on; the message names the field, the value and the fix. */
export class ReliqError extends Error {
  override readonly name = "ReliqError";
  readonly code: string;
  readonly retryable: boolean;

  constructor(code: string, message: string, options: { readonly cause?: unknown; readonly retryable?: boolean } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}
