import { vi } from "vitest";
import { type Running, reliq } from "./command.ts";

/** The endpoint of a region that a command started, once it answers. @throws with what the command printed, where it ended instead */
export function untilReady(running: Running): Promise<string> {
  const answering = vi.waitFor(
    () => {
      const endpoint = /http:\/\/127\.0\.0\.1:\d+/.exec(running.output())?.[0];
      if (endpoint === undefined) throw new Error(`No region answers yet: ${running.output()}`);
      return endpoint;
    },
    { timeout: 240_000 },
  );
  const ending = running.ended.then(({ output }): never => {
    throw new Error(`The command ended: ${output}`);
  });
  return Promise.race([answering, ending]);
}

interface PeekedMessage {
  readonly Body: string;
  readonly MessageAttributes?: Readonly<Record<string, { StringValue?: string }>>;
}

/** The messages of a queue, without receiving them. */
export async function readPeeked(endpoint: string, queue: string): Promise<readonly PeekedMessage[]> {
  const answer = await fetch(endpoint, {
    method: "POST",
    headers: { "x-amz-target": "AmazonSQS.ReliqPeekMessages" },
    body: JSON.stringify({ QueueUrl: `${endpoint}/000000000000/${queue}`, Limit: 1_000 }),
  });
  return ((await answer.json()) as { Messages: PeekedMessage[] }).Messages;
}

interface Account {
  readonly queue: string;
  readonly accepted: number;
  readonly processed: number;
  readonly deadLettered: number;
  readonly difference: number;
}

/** What `reliq account` says of each queue. */
export async function readAccounts(endpoint: string): Promise<readonly Account[]> {
  return JSON.parse((await reliq("account", "--json", "--endpoint", endpoint)).output) as Account[];
}
