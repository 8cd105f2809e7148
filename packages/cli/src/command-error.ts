/** What went wrong and what to do, in words for the person at the terminal; printed without a stack. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}
