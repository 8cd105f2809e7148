/** The cloud assembly cannot be run as it is: the message says in one line where, why, and what to do. */
export class DefinitionError extends Error {
  override readonly name: string = "DefinitionError";
  readonly code: string;
  /** The same assembly fails in the same way. */
  readonly retryable: boolean = false;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}
