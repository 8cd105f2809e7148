import { recoveryFromEnvironment, recoveryHandler } from "@reliq/aws/recovery";
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { eventSchemaUpTo } from "../domain/event-versions.ts";
import type { HttpAnswer, HttpRequest } from "../domain/http.ts";
import { answerRedrive } from "../domain/redrive.ts";
import { need } from "./environment.ts";

type RecoveryEvent = Parameters<ReturnType<typeof recoveryHandler>>[0];

const queue = need("QUEUE_NAME");
const options = recoveryFromEnvironment({
  schemas: { [queue]: { schema: eventSchemaUpTo(process.env["EVENT_SCHEMA_VERSION"]) } },
});
const recovery = recoveryHandler(options);

/** Captures what died, and answers `GET /redrive/preview` and `POST /redrive/start`. */
export function handler(
  event: HttpRequest | RecoveryEvent | SQSEvent,
): Promise<HttpAnswer | SQSBatchResponse | undefined> {
  return "routeKey" in event ? answerRedrive(event, queue, options.ports) : recovery(event);
}
