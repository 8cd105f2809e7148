import { isMembers } from "../../assembly/read-document.ts";
import type { Action, Members } from "../../kernel/service.ts";
import { readEventPattern } from "../../patterns/event-pattern.ts";
import { fitsRules } from "../../patterns/match.ts";
import { invalid, requiredText } from "../scheduler/input.ts";

/** What an event must have (TestEventPattern). */
const REQUIRED = ["id", "account", "source", "time", "region", "resources", "detail-type"];

/** TestEventPattern. */
export const testEventPattern: Action = (input) => {
  const pattern = readEventPattern(requiredText(input, "EventPattern"));
  const event = parse(requiredText(input, "Event"));
  const missing = REQUIRED.find((name) => !Object.hasOwn(event, name));
  if (missing !== undefined) throw invalid(`Parameter Event is not valid. Reason: it lacks ${missing}.`);
  return { Result: fitsRules(pattern, event) };
};

function parse(text: string): Members {
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch (cause) {
    throw invalid(`Parameter Event is not valid. Reason: ${String(cause)}`);
  }
  if (isMembers(event)) return event;
  throw invalid("Parameter Event is not valid. Reason: it is not a JSON object.");
}
