/** What went wrong and what to do, in words for the person at the terminal; printed without a stack. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  /** What the command exits with. @default 1 */
  readonly exitCode: number;

  constructor(message: string, { exitCode = 1, ...options }: ErrorOptions & { readonly exitCode?: number } = {}) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
