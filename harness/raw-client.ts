import { Pool } from "undici";

/** The services that the raw client calls, with the prefix of their `X-Amz-Target`. */
const TARGET_PREFIXES = { sqs: "AmazonSQS", dynamodb: "DynamoDB_20120810" } as const;

/** How long an answer may take, milliseconds: longer than any long poll. */
const LONGEST_ANSWER_MS = 60_000;

export interface RawAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** Connections to one server, without the SDK, whose work would hide the server's. */
export function rawClient(endpoint: string, connections: number): Pool {
  return new Pool(endpoint, { connections, headersTimeout: LONGEST_ANSWER_MS, bodyTimeout: LONGEST_ANSWER_MS });
}

/** Calls an action in AWS's JSON protocol, whatever the answer's status. */
export async function callRaw(
  pool: Pool,
  service: keyof typeof TARGET_PREFIXES,
  action: string,
  input: object,
): Promise<RawAnswer> {
  const { statusCode, body } = await pool.request({
    path: "/",
    method: "POST",
    headers: {
      "x-amz-target": `${TARGET_PREFIXES[service]}.${action}`,
      "x-amz-date": "20260101T000000Z",
      "content-type": "application/x-amz-json-1.0",
      authorization: unsignedBy(service),
    },
    body: JSON.stringify(input),
  });
  return { status: statusCode, body: (await body.json()) as Record<string, unknown> };
}

/** The header that names the service; the servers under test check no signature. */
export function unsignedBy(service: string): string {
  return `AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
}
