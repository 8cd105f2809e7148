import type { RecoverPorts } from "../recover-ports.ts";
import { personalNames } from "../redact/redactor-of.ts";

/** What the fields and attributes with personal data are called in a queue's messages, as far as recovery is told. */
export function personalNamesIn(
  queue: string,
  { schemas, personalFields = [] }: Pick<RecoverPorts, "personalFields" | "schemas">,
): readonly string[] {
  return [...new Set([...personalNames(schemas?.(queue) ?? {}), ...personalFields])];
}
