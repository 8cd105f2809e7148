import { s3Error } from "./errors.ts";

export interface Decoded {
  readonly body: Buffer;
  /** The headers behind the body, by their lower-case names. */
  readonly trailers: Readonly<Record<string, string>>;
}

/**
 * Decodes a body of `content-encoding: aws-chunked`: chunks, each behind its size in hexadecimal, an empty one at the end, then
 * headers (API reference, Signature calculations for trailing headers). Chunk signatures are not checked.
 * @throws IncompleteBody, InvalidRequest
 */
export function decodeChunks(encoded: Buffer, decodedLength: string | undefined): Decoded {
  const chunks: Buffer[] = [];
  let offset = 0;
  for (;;) {
    const line = readLine(encoded, offset);
    const size = /^([0-9a-f]{1,8})(;.*)?$/i.exec(line)?.[1];
    if (size === undefined)
      throw s3Error("InvalidRequest", "A chunk of the request's body does not begin with its size.");
    const start = offset + line.length + 2;
    const end = start + Number.parseInt(size, 16);
    if (end === start) return finish(Buffer.concat(chunks), encoded.subarray(start), decodedLength);
    if (end + 2 > encoded.length) throw incompleteBody();
    chunks.push(encoded.subarray(start, end));
    offset = end + 2;
  }
}

function readLine(encoded: Buffer, offset: number): string {
  const end = encoded.indexOf("\r\n", offset);
  if (end < 0) throw incompleteBody();
  return encoded.toString("latin1", offset, end);
}

function finish(body: Buffer, rest: Buffer, decodedLength: string | undefined): Decoded {
  if (decodedLength !== undefined && Number(decodedLength) !== body.length) throw incompleteBody();
  const lines = rest.toString("latin1").split(/\r?\n/);
  const trailers = lines.flatMap((line) => {
    const [, name, value] = /^([^:]+):(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [[name.trim().toLowerCase(), (value ?? "").trim()]];
  });
  return { body, trailers: Object.fromEntries(trailers) };
}

function incompleteBody(): Error {
  return s3Error("IncompleteBody", "The request body terminated unexpectedly");
}
