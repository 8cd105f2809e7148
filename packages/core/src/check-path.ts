import type { Consumer } from "./consumer.ts";
import { ReliqError } from "./errors.ts";
import type { ConsumePorts } from "./ports.ts";

/** Refuses what would end in a wrong place before any message is touched. */
export function checkPath<T>(
  { name, failFast, onPoison, order, retry, encryptedFields, effect }: Consumer<T>,
  { deadLetters, visibility, decryption, journal, quarantine }: ConsumePorts,
): void {
  if (failFast && !deadLetters) {
    throw new ReliqError(
      "dead-letters-missing",
      `The consumer ${name} has \`failFast: true\`, but no dead-letter queue is configured: set \`failFast: true\` on its Consumer construct too.`,
    );
  }
  if (encryptedFields.length > 0 && !decryption) {
    throw new ReliqError(
      "decryption-missing",
      `The consumer ${name} has \`encryptedFields\`, but no port \`decryption\` to open them with: add it to the consumer's ports.`,
    );
  }
  if (effect === "transactional" && !journal.commit) {
    throw new ReliqError(
      "commit-missing",
      `The consumer ${name} has \`effect: "transactional"\`, but its journal commits nothing: set \`effect: "transactional"\` on its Consumer construct too.`,
    );
  }
  if (onPoison === "hold-group" && (!quarantine || order !== "group")) {
    throw new ReliqError(
      "quarantine-missing",
      `The consumer ${name} has \`onPoison: "hold-group"\`, which takes \`order: "group"\` and the failure store: set \`quarantine\` on its Consumer construct to the Recovery of its queue.`,
    );
  }
  if (retry && !visibility) {
    throw new ReliqError(
      "visibility-missing",
      `The consumer ${name} has \`retry\`, but nothing to change visibility with: the ports of portsFromEnvironment() have it.`,
    );
  }
}
