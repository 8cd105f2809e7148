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
  declare readonly category: FailureCategory;
  declare readonly retryable: boolean | undefined;

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

/** The consumer may not do what it has to: a missing permission, an expired token. Never retryable; a person is needed. */
export class AuthFailure extends Failure {
  override readonly name = "AuthFailure";
  constructor(message: string, options?: FailureOptions) {
    super("auth", message, options);
  }
}

/** Something that the handler calls is down or broken. Retryable. */
export class DependencyFailure extends Failure {
  override readonly name = "DependencyFailure";
  constructor(message: string, options?: FailureOptions) {
    super("dependency", message, options);
  }
}

/** Something that the handler calls wants fewer calls. Retryable. */
export class ThrottledFailure extends Failure {
  override readonly name = "ThrottledFailure";
  constructor(message: string, options?: FailureOptions) {
    super("throttled", message, options);
  }
}

/** Something that the handler calls did not answer in time. Retryable. */
export class TimeoutFailure extends Failure {
  override readonly name = "TimeoutFailure";
  constructor(message: string, options?: FailureOptions) {
    super("timeout", message, options);
  }
}

/** The message can never succeed, for a reason that is none of the others. Never retryable. */
export class PermanentFailure extends Failure {
  override readonly name = "PermanentFailure";
  constructor(message: string, options?: FailureOptions) {
    super("permanent", message, options);
  }
}

/** Marks every Deferral, also one of another copy of this package. */
const DEFERRAL: symbol = Symbol.for("@reliq/core.Deferral");

/** Not now: the message goes back to its queue without having failed. Throw it from a handler before its effect begins, for an open breaker or a throttle. */
export class Deferral extends Error {
  override readonly name = "Deferral";
  /** When the message is to come back, seconds from now. */
  declare readonly retryAfterSeconds: number;

  constructor(message: string, options: { readonly retryAfterSeconds?: number; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.retryAfterSeconds = options.retryAfterSeconds ?? 5;
    Object.defineProperty(this, DEFERRAL, { value: true });
  }
}

/** Whether a thrown value is a Deferral, of whichever copy of this package. */
export function isDeferral(thrown: unknown): thrown is Deferral {
  return thrown instanceof Error && DEFERRAL in thrown;
}

/** Reliq was set up or called in a way that cannot work, or cannot go on; the message names the field, the value and the fix. */
export class ReliqError extends Error {
  override readonly name = "ReliqError";
  declare readonly code: string;
  declare readonly retryable: boolean;

  constructor(code: string, message: string, options: { readonly cause?: unknown; readonly retryable?: boolean } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}
