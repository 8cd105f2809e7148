export { dynamodbJournal } from "./dynamodb/journal.ts";
export { type LambdaPorts, lambdaHandler } from "./lambda/lambda-handler.ts";
export { portsFromEnvironment } from "./lambda/ports-from-environment.ts";
export { sqsDeadLetters } from "./sqs/dead-letters.ts";
export { type SendReport, sendMessages } from "./sqs/send-messages.ts";
export { sqsVisibility } from "./sqs/visibility.ts";
export { timeLimit } from "./time-limit.ts";
export { runWorker, type WorkerOptions } from "./worker/run-worker.ts";
