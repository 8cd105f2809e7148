import type { Request } from "./random-requests.ts";

/** What an endpoint answers: a body, or an error. */
export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

const STREAMS = new Set(["ListStreams", "DescribeStream", "GetShardIterator", "GetRecords"]);

/** Sends one request as it stands, with nothing checked on the way. */
export async function send(endpoint: string, { action, input }: Request): Promise<Answer> {
  const service = STREAMS.has(action) ? "Streams" : "";
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": `DynamoDB${service}_20120810.${action}`,
      authorization:
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
    },
    body: JSON.stringify(input),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** Sends a query or scan and what follows it, until its last page; the items of all pages in their order. */
export async function sendAll(endpoint: string, request: Request): Promise<Answer> {
  const items: unknown[] = [];
  let [count, scanned] = [0, 0];
  for (let start: unknown; ; ) {
    const input = { ...request.input, ...(start !== undefined && { ExclusiveStartKey: start }) };
    const answer = await send(endpoint, { ...request, input });
    if (answer.status !== 200) return answer;
    items.push(...((answer.body["Items"] as unknown[] | undefined) ?? []));
    count += Number(answer.body["Count"]);
    scanned += Number(answer.body["ScannedCount"]);
    start = answer.body["LastEvaluatedKey"];
    if (start === undefined) return { status: 200, body: { Items: items, Count: count, ScannedCount: scanned } };
  }
}
