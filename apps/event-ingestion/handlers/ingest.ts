import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { SSMClient } from "@aws-sdk/client-ssm";
import { CLIENT_SETTINGS, logLines, producer } from "@reliq/aws";
import { startTracing, tracedClient } from "@reliq/aws/tracing";
import { answerIngest } from "../domain/answer-ingest.ts";
import type { HttpAnswer, HttpRequest } from "../domain/http.ts";
import { dynamodbAnswers } from "./dynamodb-answers.ts";
import { need } from "./environment.ts";
import { ssmFailureMode } from "./ssm-failure-mode.ts";

startTracing();
const log = logLines();
const ports = {
  producer: producer({ queueUrl: need("QUEUE_URL"), client: tracedClient(new SQSClient(CLIENT_SETTINGS)) }),
  answers: dynamodbAnswers(
    tracedClient(new DynamoDBClient(CLIENT_SETTINGS)),
    need("ANSWER_TABLE"),
    Number(need("TTL_SECONDS")),
  ),
  newId: randomUUID,
  mode: ssmFailureMode(new SSMClient({}), need("FAILURE_MODE_PARAMETER"), log),
  log,
};

/** `GET /health` and `POST /events`. */
export function handler(request: HttpRequest): Promise<HttpAnswer> {
  return answerIngest(request, ports);
}
