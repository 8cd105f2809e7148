import type { Consumer } from "./consumer.ts";
import { ReliqError } from "./errors.ts";
import type { ConsumePorts } from "./ports.ts";

/** Refuses what would end in a wrong place before any message is touched. */
export function checkPath<T>({ name, failFast, retry }: Consumer<T>, { deadLetters, visibility }: ConsumePorts): void {
  if (failFast && !deadLetters) {
    throw new ReliqError(
      "dead-letters-missing",
      `The consumer ${name} has \`failFast: true\`, but no dead-letter queue is configured: set \`failFast: true\` on its Consumer construct too.`,
    );
  }
  if (retry && !visibility) {
    throw new ReliqError(
      "visibility-missing",
      `The consumer ${name} has \`retry\`, but nothing to change visibility with: the ports of portsFromEnvironment() have it.`,
    );
  }
}
