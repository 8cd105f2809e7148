import { createHash } from "node:crypto";
import type { RestRequest } from "../../kernel/protocol/rest.ts";
import { type Decoded, decodeChunks } from "./aws-chunked.ts";
import { invalidRequest, s3Error } from "./errors.ts";

/** A request to S3, whatever form it came in. */
export interface Incoming {
  readonly method: string;
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
  /** By lower-case name: headers, trailers, and the headers that a presigned URL carries in its query. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** `bucket.s3.us-east-1.amazonaws.com`, `bucket.s3.localhost` or `bucket.localhost`, with or without a port. */
const VIRTUAL_HOST = /^(?!s3[.-])(?<bucket>.+?)\.(?:s3[.-][^:]+|s3|localhost)(?::\d+)?$/;

/** @throws AccessDenied for a presigned URL past its time; what the body's encoding and digest are refused for */
export function readIncoming(request: RestRequest, nowMs: number): Incoming {
  const { query, parameters, method } = request;
  const path = parameters["Path"] ?? "";
  const host = VIRTUAL_HOST.exec(request.headers.host ?? "")?.groups?.["bucket"];
  const slash = path.indexOf("/");
  const own = slash < 0 ? { bucket: path, key: "" } : { bucket: path.slice(0, slash), key: path.slice(slash + 1) };
  refuseExpired(query, nowMs);
  const headers = { ...presignedHeaders(query), ...plainHeaders(request.headers) };
  const { body, trailers } = decodeBody(request.body, headers);
  return {
    method,
    ...(host === undefined ? own : { bucket: host, key: path }),
    query,
    body,
    headers: { ...headers, ...trailers },
  };
}

function plainHeaders(headers: RestRequest["headers"]): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

/** A presigned URL may carry headers in its query: `x-amz-…`, but not the signature's own `X-Amz-…`. */
function presignedHeaders(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...query].filter(([name]) => name.startsWith("x-amz-")));
}

/** Signatures are not checked, but a presigned URL ends when it says (user guide, Presigned URLs). */
function refuseExpired(query: URLSearchParams, nowMs: number): void {
  const signedAt = query.get("X-Amz-Date")?.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, "$1-$2-$3:$4:$5");
  const expires = query.get("X-Amz-Expires");
  const endsAt = Date.parse(signedAt ?? "") + Number(expires ?? Number.NaN) * 1_000;
  if (Number.isNaN(endsAt) || nowMs <= endsAt) return;
  const members = {
    "X-Amz-Expires": expires,
    Expires: new Date(endsAt).toISOString(),
    ServerTime: new Date(nowMs).toISOString(),
  };
  throw s3Error("AccessDenied", "Request has expired", 403, members);
}

function decodeBody(body: Buffer, headers: Incoming["headers"]): Decoded {
  const digest = headers["x-amz-content-sha256"];
  if (digest?.startsWith("STREAMING-")) {
    const decoded = decodeChunks(body, headers["x-amz-decoded-content-length"]);
    const announced = headers["x-amz-trailer"];
    if (announced === undefined) return { body: decoded.body, trailers: {} };
    const value = decoded.trailers[announced];
    if (value === undefined) throw invalidRequest(`The trailing header ${announced} was announced, and did not come.`);
    return { body: decoded.body, trailers: { [announced]: value } };
  }
  if (digest && /^[0-9a-f]{64}$/.test(digest) && digest !== createHash("sha256").update(body).digest("hex")) {
    throw s3Error(
      "XAmzContentSHA256Mismatch",
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  }
  return { body, trailers: {} };
}
