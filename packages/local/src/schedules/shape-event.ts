import { valueAt } from "./input-path.ts";
import type { Target } from "./schedule.ts";

/** What a template can ask of the rule besides the event. */
export interface RuleFacts {
  readonly arn: string;
  readonly name: string;
  /** When the event was taken, ms. */
  readonly takenAt: number;
}

/**
 * What a target gets of an event: the event itself, one input for all, a part of it, or its template filled in (PutTargets). A path that
 * finds nothing is `null`, and an empty text in a template.
 * @param event its JSON, which goes on as it is
 */
export function shapeEvent({ input, inputPath, transformer }: Target, event: string, rule: RuleFacts): string {
  if (input !== undefined) return input;
  if (inputPath !== undefined) {
    return inputPath === "$" ? event : JSON.stringify(valueAt(JSON.parse(event), inputPath) ?? null);
  }
  if (!transformer) return event;
  const parsed: unknown = JSON.parse(event);
  const { detail: _left, ...outer } = parsed as Record<string, unknown>;
  const found = Object.entries(transformer.paths).map(([name, path]) => [name, valueAt(parsed, path) ?? ""] as const);
  const values = new Map<string, unknown>([
    ...found,
    ["aws.events.rule-arn", rule.arn],
    ["aws.events.rule-name", rule.name],
    ["aws.events.event.ingestion-time", new Date(rule.takenAt).toISOString()],
    ["aws.events.event", outer],
    ["aws.events.event.json", parsed],
  ]);
  return fill(transformer.template, values);
}

/** Within quotes a value is text, outside it is JSON; a name that is not known stays as it is. */
function fill(template: string, values: ReadonlyMap<string, unknown>): string {
  let quoted = false;
  return template.replaceAll(/\\.|"|<([\w.-]+)>/gs, (part: string, name: string | undefined) => {
    if (part === '"') quoted = !quoted;
    if (name === undefined || !values.has(name)) return part;
    const value = values.get(name);
    if (!quoted) return JSON.stringify(value);
    return JSON.stringify(typeof value === "string" ? value : JSON.stringify(value)).slice(1, -1);
  });
}
