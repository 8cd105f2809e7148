import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { OutgoingMessage } from "@reliq/core";
import { needText } from "../environment.ts";
import type { NotSent } from "../sqs/send-messages.ts";
import { type Entered, enterMessages } from "./enter-messages.ts";

/** Where a producer enters what it sends. */
export type EnterMessages = (
  queue: string,
  messages: readonly OutgoingMessage[],
  notSent: NotSent[],
) => Promise<Entered>;

/**
 * The ledger in the journal's table of the environment, `RELIQ_JOURNAL_TABLE`.
 * @throws ReliqError `environment` where the variable is missing
 */
export function ledgerFromEnvironment(environment: NodeJS.ProcessEnv = process.env): EnterMessages {
  const table = needText(environment, "RELIQ_JOURNAL_TABLE", "the name of the journal's table", "You or a construct");
  const client = new DynamoDBClient({});
  return (queue, messages, notSent) => enterMessages(client, table, queue, messages, notSent);
}
