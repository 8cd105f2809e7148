import type { IncomingMessage } from "node:http";
import { CommandError } from "../command-error.ts";

/** The largest body that is read, bytes: what recovery's API reads. */
const LARGEST_BODY_BYTES = 5_000_000;

/** A request's body as text; undefined where it has none. @throws CommandError where it is too large */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LARGEST_BODY_BYTES) throw new CommandError(`At most ${LARGEST_BODY_BYTES} bytes are read.`);
    chunks.push(chunk);
  }
  return bytes === 0 ? undefined : Buffer.concat(chunks).toString("utf8");
}
