import { BadPayloadFailure } from "../errors.ts";

/**
 * Reads a text as JSON. `what` names it in the failure; the text itself is not in there.
 * @throws BadPayloadFailure for a text that is not JSON.
 */
export function parseBody(text: string, what = "The body"): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadPayloadFailure(`${what} (${text.length} characters) is not JSON.`, { cause: error });
  }
}
