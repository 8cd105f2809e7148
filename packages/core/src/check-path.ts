import type { Delivery } from "./consume.ts";
import type { Consumer } from "./consumer.ts";
import { ReliqError } from "./errors.ts";
import { inSequence } from "./order/in-sequence.ts";
import type { ConsumePorts } from "./ports.ts";

/** Refuses what would end in a wrong place before any message is touched. */
export function checkPath<T>(consumer: Consumer<T>, delivery: Delivery, ports: ConsumePorts): void {
  const { name, failFast, onPoison, retry, effect } = consumer;
  const needs = [
    [inSequence(consumer, delivery), "order", "groups"],
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
    `The consumer ${name} has \`${option}\`, and its ports lack \`${port}\`: its Consumer construct has to say so too.`,
  );
}
