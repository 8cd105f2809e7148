import type { Produced } from "./produce.ts";

/** What the producer function answers. */
export interface ProducerResponse {
  readonly statusCode: number;
  /** JSON: `{"message":{"status":true,"msg_cnt":N,"bad_msg":M}}`. */
  readonly body: string;
}

/** Words a round's counts; a round that ended early has the status 500, its counts so far and the reason. */
export function producerResponse({ accepted, bad, failure }: Produced): ProducerResponse {
  const status = failure === undefined;
  const message = { status, msg_cnt: accepted, bad_msg: bad, ...(!status && { error: String(failure) }) };
  return { statusCode: status ? 200 : 500, body: JSON.stringify({ message }) };
}
