import type { SQSClient } from "@aws-sdk/client-sqs";

/** Counts a client's requests from now on, and the messages it has deleted. */
export function watchRequests(client: SQSClient): { readonly requests: number; readonly deleted: number } {
  const seen = { requests: 0, deleted: 0 };
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        seen.requests++;
        const answer = await next(args);
        if (commandName === "DeleteMessageCommand") seen.deleted++;
        if (commandName === "DeleteMessageBatchCommand") {
          seen.deleted += (answer.output as { Successful?: readonly unknown[] }).Successful?.length ?? 0;
        }
        return answer;
      },
    { step: "initialize" },
  );
  return seen;
}
