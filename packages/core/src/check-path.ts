import type { Consumer } from "./consumer.ts";
import { ReliqError } from "./errors.ts";
import type { ConsumePorts } from "./ports.ts";

/** Refuses what would end in a wrong place before any message is touched. */
export function checkPath<T>(
  { name, failFast, onPoison, order, retry, encryptedFields, effect }: Consumer<T>,
  { deadLetters, visibility, decryption, journal, quarantine }: ConsumePorts,
): void {
  const refuse = (code: string, option: string, lacks: string, fix: string): void => {
    throw new ReliqError(code, `The consumer ${name} has \`${option}\`, but ${lacks}: ${fix}.`);
  };
  if (failFast && !deadLetters) {
    const fix = "set `failFast: true` on its Consumer construct too";
    refuse("dead-letters-missing", "failFast: true", "no dead-letter queue is configured", fix);
  }
  if (encryptedFields.length > 0 && !decryption) {
    const fix = "add it to the consumer's ports";
    refuse("decryption-missing", "encryptedFields", "no port `decryption` to open them with", fix);
  }
  if (effect === "transactional" && !journal.commit) {
    const fix = 'set `effect: "transactional"` on its Consumer construct too';
    refuse("commit-missing", 'effect: "transactional"', "its journal commits nothing", fix);
  }
  if (onPoison === "hold-group" && (!quarantine || order !== "group")) {
    throw new ReliqError(
      "quarantine-missing",
      `The consumer ${name} has \`onPoison: "hold-group"\`, which takes \`order: "group"\` and the failure store: set \`quarantine\` on its Consumer construct to the Recovery of its queue.`,
    );
  }
  if (retry && !visibility) {
    const fix = "the ports of portsFromEnvironment() have it";
    refuse("visibility-missing", "retry", "nothing to change visibility with", fix);
  }
}
