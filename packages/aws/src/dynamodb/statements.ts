import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  type BatchStatementRequest,
  type BatchStatementResponse,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { chunks, ReliqError } from "@reliq/core";
import { jitteredWait, MOST_TRIES } from "./jittered-wait.ts";

export type Item = Record<string, AttributeValue>;

/** What came of one conditional write. */
export type StatementAnswer =
  | { readonly kind: "done" }
  /** Its condition did not hold; `item` where the statement asks to see it and it is there. */
  | { readonly kind: "refused"; readonly item?: Item | undefined }
  /** The service could not say; the write may have had its effect. */
  | { readonly kind: "failed"; readonly error: unknown; readonly retryable: boolean };

/** The most statements of one BatchExecuteStatement (DynamoDB API reference). */
export const MOST_STATEMENTS = 25;

/** What a statement ends with when another request may succeed (DynamoDB API reference, BatchStatementError). */
const PASSING =
  "InternalServerError ProvisionedThroughputExceeded RequestLimitExceeded ThrottlingError TransactionConflict";

/**
 * Carries out conditional writes, 25 in one request and the requests side by side; answers in their order and never throws.
 * Two statements for one key would make the service refuse the whole request.
 */
export async function runStatements(
  client: DynamoDBClient,
  statements: readonly BatchStatementRequest[],
): Promise<readonly StatementAnswer[]> {
  const requests = chunks(statements, MOST_STATEMENTS);
  return (await Promise.all(requests.map((chunk) => runChunk(client, chunk)))).flat();
}

async function runChunk(
  client: DynamoDBClient,
  statements: readonly BatchStatementRequest[],
  tries = 1,
): Promise<readonly StatementAnswer[]> {
  const answers = await send(client, statements);
  if (answers.every(({ kind }) => kind !== "failed")) return answers;
  const again = answers.flatMap((answer, index) => (answer.kind === "failed" && answer.retryable ? [index] : []));
  if (again.length === 0 || tries === MOST_TRIES) return answers;
  await jitteredWait(tries);
  const chosen = again.map((index) => statements[index] as BatchStatementRequest);
  const later = await runChunk(client, chosen, tries + 1);
  return answers.map((answer, index) => later[again.indexOf(index)] ?? answer);
}

async function send(
  client: DynamoDBClient,
  statements: readonly BatchStatementRequest[],
): Promise<readonly StatementAnswer[]> {
  try {
    const { Responses = [] } = await client.send(new BatchExecuteStatementCommand({ Statements: [...statements] }));
    return statements.map((_, index) => readAnswer(Responses[index]));
  } catch (error) {
    // The SDK has tried it again already.
    return statements.map(() => ({ kind: "failed", error, retryable: false }));
  }
}

const DONE: StatementAnswer = { kind: "done" };

function readAnswer(response: BatchStatementResponse | undefined): StatementAnswer {
  if (response === undefined) return failed("unknown", "no answer", true);
  if (!response.Error) return DONE;
  const { Code: code = "unknown", Message: message = "", Item: item } = response.Error;
  if (code === "ConditionalCheckFailed" || code === "DuplicateItem") return { kind: "refused", item };
  return failed(code, message, PASSING.split(" ").includes(code));
}

function failed(code: string, message: string, retryable: boolean): StatementAnswer {
  const error = new ReliqError("statement-failed", `DynamoDB: ${code}: ${message}`, { retryable });
  return { kind: "failed", error, retryable };
}
