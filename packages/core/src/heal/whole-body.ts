import type { MessageContent } from "../failure/failed-message.ts";
import type { RecoverPorts } from "../recover-ports.ts";

/** A content's body, wherever it is kept. */
export async function wholeBody(
  { body, bodyAt }: MessageContent,
  { archive }: Pick<RecoverPorts, "archive">,
): Promise<string> {
  return bodyAt ? archive.getBody(bodyAt) : body;
}
