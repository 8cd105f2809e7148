import type { OutgoingMessage } from "@reliq/core";
import { needText } from "../environment.ts";
import type { NotSent } from "../sqs/send-messages.ts";
import type { Entered } from "./enter-messages.ts";

/** Where a producer enters what it sends. */
export type EnterMessages = (
  queue: string,
  messages: readonly OutgoingMessage[],
  notSent: NotSent[],
) => Promise<Entered>;

/**
 * The ledger in the journal's table of the environment, `RELIQ_JOURNAL_TABLE`; its client is loaded with the first message.
 * @throws ReliqError `environment` where the variable is missing
 */
export function ledgerFromEnvironment(environment: NodeJS.ProcessEnv = process.env): EnterMessages {
  const table = needText(environment, "RELIQ_JOURNAL_TABLE", "the name of the journal's table", "You or a construct");
  let opened: ReturnType<typeof open> | undefined;
  return async (queue, messages, notSent) => {
    opened ??= open();
    const { enterMessages, client } = await opened;
    return enterMessages(client, table, queue, messages, notSent);
  };
}

async function open(): Promise<
  Pick<typeof import("./enter-messages.ts"), "enterMessages"> & {
    readonly client: import("@aws-sdk/client-dynamodb").DynamoDBClient;
  }
> {
  const [{ enterMessages }, { DynamoDBClient }] = await Promise.all([
    import("./enter-messages.ts"),
    import("@aws-sdk/client-dynamodb"),
  ]);
  return { enterMessages, client: new DynamoDBClient({}) };
}
