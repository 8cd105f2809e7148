import type { Consumer } from "./consumer.ts";
import { ReliqError } from "./errors.ts";
import type { ConsumePorts } from "./ports.ts";

/** Refuses what would end in a wrong place before any message is touched. */
export function checkPath<T>({ name, failFast, onPoison, retry, effect }: Consumer<T>, ports: ConsumePorts): void {
  const needs = [
    [failFast, "failFast", "deadLetters"],
    [effect === "transactional", "effect", "effects"],
    [onPoison === "hold-group", "onPoison", "quarantine"],
    [retry, "retry", "visibility"],
  ] as const;
  const lacking = needs.find(([asks, , port]) => asks && !ports[port]);
  if (!lacking) return;
  const [, option, port] = lacking;
  throw new ReliqError(
    "port-missing",
    `The consumer ${name} has \`${option}\`, and its ports lack \`${port}\`: portsFromEnvironment() has it once the Consumer construct says so (\`failFast\`, \`effect\`, \`quarantine\`).`,
  );
}
