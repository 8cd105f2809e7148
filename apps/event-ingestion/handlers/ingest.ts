import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { producer } from "@reliq/aws";
import { answerIngest } from "../domain/answer-ingest.ts";
import type { HttpAnswer, HttpRequest } from "../domain/http.ts";
import { dynamodbAnswers } from "./dynamodb-answers.ts";
import { need } from "./environment.ts";

const ports = {
  producer: producer({ queueUrl: need("QUEUE_URL") }),
  answers: dynamodbAnswers(new DynamoDBClient({}), need("ANSWER_TABLE"), Number(need("TTL_SECONDS"))),
  newId: randomUUID,
  log: (line: object) => console.log(JSON.stringify(line)),
};

/** `GET /health` and `POST /events`. */
export function handler(request: HttpRequest): Promise<HttpAnswer> {
  return answerIngest(request, ports);
}
