import type { Consumer, HandlerLine } from "../consumer.ts";
import type { ReceivedMessage } from "../message/received-message.ts";
import type { ConsumePorts } from "../ports.ts";
import { personalNames } from "../redact/redactor-of.ts";
import { aboutAttempt } from "./about-message.ts";

/** The log of a handler: each line names its consumer and its message, and has no personal data. @param read the message, its fields decrypted */
export function handlerLog<T>(
  consumer: Consumer<T>,
  read: ReceivedMessage,
  { log }: Pick<ConsumePorts, "log">,
): (line: HandlerLine) => void {
  return ({ level = "info", event, ...fields }) => {
    const personal = consumer.personalFields ?? consumer.encryptedFields;
    const sound = personal ? personal.redactFields(fields, read, personalNames(consumer)) : fields;
    log({ level, event, ...sound, ...aboutAttempt(consumer, read) });
  };
}
