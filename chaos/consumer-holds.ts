import type {
  ChangeMessageVisibilityBatchCommandInput,
  DeleteMessageBatchCommandInput,
  ReceiveMessageCommandOutput,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { type Hold, VISIBILITY_SECONDS } from "./consumer-history.ts";

interface Held {
  readonly messageId: string;
  readonly receiveCount: number;
  readonly sinceMs: number;
  /** When the service last hid it, by its own clock. */
  heardMs: number;
  longestSilenceMs: number;
}

/**
 * Tells of each receive once its worker has ended it, with what the answers of the service say of how long it was held. When a silence
 * begins is by the service's clock (the header `Date`, full seconds), when it ends by the worker's, so that none is taken for shorter than it was.
 */
export function watchHolds(client: SQSClient, worker: string, tell: (holds: readonly Hold[]) => void): void {
  const held = new Map<string, Held>();
  const hear = (handle: string, serviceMs: number): Held | undefined => {
    const each = held.get(handle);
    if (!each) return undefined;
    each.longestSilenceMs = Math.max(each.longestSilenceMs, Date.now() - each.heardMs);
    each.heardMs = serviceMs;
    return each;
  };
  const end = (handles: readonly string[], serviceMs: number): void => {
    const ended = handles.flatMap((handle) => hear(handle, serviceMs) ?? []);
    for (const handle of handles) held.delete(handle);
    tell(
      ended.map(({ messageId, receiveCount, sinceMs, longestSilenceMs }) => ({
        worker,
        messageId,
        receiveCount,
        heldMs: Date.now() - sinceMs,
        longestSilenceMs,
      })),
    );
  };
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const result = await next(args);
        const serviceMs = serviceTime(result.response);
        switch (commandName) {
          case "ReceiveMessageCommand":
            for (const [handle, each] of received(result.output as ReceiveMessageCommandOutput, serviceMs)) {
              held.set(handle, each);
            }
            break;
          case "ChangeMessageVisibilityBatchCommand": {
            const { Entries = [] } = args.input as ChangeMessageVisibilityBatchCommandInput;
            const beats = Entries.filter((entry) => entry.VisibilityTimeout === VISIBILITY_SECONDS);
            for (const { ReceiptHandle = "" } of beats) hear(ReceiptHandle, serviceMs);
            end(handlesOf(Entries.filter((entry) => !beats.includes(entry))), serviceMs);
            break;
          }
          case "DeleteMessageBatchCommand":
            end(handlesOf((args.input as DeleteMessageBatchCommandInput).Entries ?? []), serviceMs);
            break;
        }
        return result;
      },
    { step: "deserialize", priority: "high" },
  );
}

function received(
  { Messages = [] }: ReceiveMessageCommandOutput,
  sinceMs: number,
): readonly (readonly [string, Held])[] {
  return Messages.map(({ MessageId = "", ReceiptHandle = "", Attributes = {} }) => [
    ReceiptHandle,
    {
      messageId: MessageId,
      receiveCount: Number(Attributes["ApproximateReceiveCount"]),
      sinceMs,
      heardMs: sinceMs,
      longestSilenceMs: 0,
    },
  ]);
}

function handlesOf(entries: readonly { readonly ReceiptHandle?: string | undefined }[]): readonly string[] {
  return entries.map(({ ReceiptHandle = "" }) => ReceiptHandle);
}

function serviceTime(response: unknown): number {
  const { headers = {} } = response as { readonly headers?: Readonly<Record<string, string>> };
  return Date.parse(headers["date"] ?? "");
}
