import { describeError } from "../classify/thrown.ts";
import type { Consumer } from "../consumer.ts";
import type { ReceivedMessage } from "../message/received-message.ts";
import type { ConsumePorts, LogLine } from "../ports.ts";

/** Logs that a port could not be reached, and for which messages. */
export function logUnavailable<T>(
  { name }: Consumer<T>,
  line: Pick<LogLine, "event" | "level">,
  concerned: readonly { readonly message: ReceivedMessage }[],
  error: unknown,
  { log }: Pick<ConsumePorts, "log">,
): void {
  const messageIds = concerned.map(({ message: { messageId } }) => messageId);
  log({ ...line, consumer: name, messageIds, error: describeError(error) });
}
