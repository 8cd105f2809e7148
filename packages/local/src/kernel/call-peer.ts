import type { Members, World } from "./service.ts";
import { ServiceError } from "./service-error.ts";

/** How long a peer may take to answer, milliseconds. */
const LONGEST_ANSWER_MS = 15_000;

interface PeerCall {
  /** `AmazonSQS.SendMessage` */
  readonly target: string;
  readonly input: Members;
  readonly signal?: AbortSignal;
  /** Passes a trace on. */
  readonly traceHeader?: string | undefined;
}

/**
 * Calls an action of a service in another region, as a client would.
 * @throws ServiceError where that region is no peer, or as it refuses; an Error where it does not answer
 */
export async function callPeer(
  { peers, region }: Pick<World, "peers" | "region">,
  peer: string,
  { target, input, signal, traceHeader }: PeerCall,
): Promise<Members> {
  const endpoint = peers[peer];
  if (endpoint === undefined) {
    const start = `start it with --peer ${peer}=http://127.0.0.1:PORT`;
    throw new ServiceError("ValidationException", `The local region ${region} has no peer ${peer}: ${start}.`);
  }
  const answer = await fetch(endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": target,
      ...(traceHeader !== undefined && { "x-amzn-trace-id": traceHeader }),
    },
    body: JSON.stringify(input),
    signal: AbortSignal.any([AbortSignal.timeout(LONGEST_ANSWER_MS), ...(signal ? [signal] : [])]),
  });
  const text = await answer.text();
  if (answer.ok) return JSON.parse(text) as Members;
  throw refusalIn(text, answer.status);
}

function refusalIn(text: string, status: number): Error {
  try {
    const { __type = "InternalFailure", message = text } = JSON.parse(text) as { __type?: string; message?: string };
    return new ServiceError(__type.slice(__type.lastIndexOf("#") + 1), message, { status });
  } catch {
    return new Error(`It answered ${status}: ${text.slice(0, 500)}`);
  }
}
