import { ReliqError } from "../errors.ts";
import type { MessageContent } from "../failure/failed-message.ts";
import { maskAttributes } from "../failure/mask-failure.ts";
import { MASK_BEGIN, type Masking, maskBody, misplacedMask, unmaskBody } from "../redact/mask-body.ts";
import { REDACTED } from "../redact/redact-text.ts";
import type { MessageEdit } from "./edit-message.ts";

/**
 * An edit by somebody who saw a message with its personal values masked, with what stands behind each mask; `stored` has its body whole.
 * @throws ReliqError `edit-masked` for a mask with nothing behind it where it stands, and without the version that was seen
 */
export function unmaskEdit(
  edit: MessageEdit,
  stored: Pick<MessageContent, "attributes" | "body">,
  masking: Masking,
): MessageEdit {
  const { body, attributes, version } = edit;
  if (version === undefined && body?.includes(MASK_BEGIN)) {
    const why = "its masks stand for what that version has";
    throw new ReliqError("edit-masked", `A body with masks needs the \`version\` that you saw: ${why}.`);
  }
  return {
    ...edit,
    ...(body !== undefined && { body: unmaskBody(body, stored.body, maskBody(stored.body, masking)) }),
    ...(attributes && { attributes: unmaskAttributes(attributes, stored.attributes, masking) }),
  };
}

function unmaskAttributes(
  edited: MessageContent["attributes"],
  stored: MessageContent["attributes"],
  masking: Masking,
): MessageContent["attributes"] {
  const masked = maskAttributes(stored, masking);
  const restored = Object.entries(edited).map(([name, attribute]) => {
    if (attribute.stringValue !== REDACTED) return [name, attribute] as const;
    const hidden = masked[name]?.stringValue === REDACTED ? stored[name] : undefined;
    if (!hidden) throw misplacedMask(`The attribute ${JSON.stringify(name)}`);
    return [name, hidden] as const;
  });
  return Object.fromEntries(restored);
}
