import { type DeployedMapping, type DeployedParts, deadLetterQueues, functionOf, queueOf } from "./deployment.ts";
import type { Finding, Rule } from "./finding.ts";

const LAMBDA_GUIDE = "Lambda's guide, Handling errors for an SQS event source";

/** A function that cannot say which messages of a batch failed. */
export const wholeBatchFails: Rule = (parts) =>
  each(parts, (mapping, resource, consumer) =>
    mapping.reportsFailures || mapping.batchSize === 1
      ? []
      : [
          {
            severity: "error",
            resource,
            what: `${consumer} answers for batches of up to ${mapping.batchSize} as a whole: ReportBatchItemFailures is off.`,
            why: `One bad message brings all its batch mates back: they are processed again, and die with it (${LAMBDA_GUIDE}).`,
            fix: "reportBatchItemFailures: true of the event source, and a handler that names the failed messages: lambdaHandler of @reliq/aws.",
          },
        ],
  );

/** A filter, which deletes what it does not pass. */
export const eventFilter: Rule = (parts) =>
  each(parts, ({ filters }, resource, consumer) =>
    filters.length === 0
      ? []
      : [
          {
            severity: "error",
            resource,
            what: `${consumer} gets only what ${filters.join(" or ")} passes.`,
            why: "Lambda deletes every message that an event filter rejects: no log line, no metric, no dead letter (Lambda's guide, Using event filtering with an Amazon SQS event source).",
            fix: "Take the filter out, and return from the handler for what is not yours; or filter before the queue, at the topic or the rule.",
          },
        ],
  );

/** A mapping that receives nothing, or cannot. */
export const mappingAtRest: Rule = (parts) =>
  each(parts, ({ state, lastResult, id }, resource, consumer): readonly Finding[] => {
    const isOff = /^(Disabled|Disabling)$/.test(state);
    const isStuck = /^PROBLEM/.test(lastResult);
    if (!isOff && !isStuck) return [];
    return [
      {
        severity: isStuck ? "error" : "warning",
        resource,
        what: isStuck
          ? `${consumer} does not get its messages: ${lastResult}`
          : `The event source of ${consumer} is ${state.toLowerCase()}.`,
        why: "Nobody receives: messages wait until their retention is over (Lambda API reference, EventSourceMappingConfiguration).",
        fix: isStuck
          ? "Most often its role lacks sqs:ReceiveMessage, sqs:DeleteMessage, sqs:GetQueueAttributes, or kms:Decrypt of the queue's key: grantConsumeMessages."
          : `aws lambda update-event-source-mapping --uuid ${id} --enabled`,
      },
    ];
  });

/** Two functions that take messages from each other. */
export const twoConsumers: Rule = ({ queues, mappings }) =>
  queues.flatMap(({ name, arn }): readonly Finding[] => {
    const functions = new Set(
      mappings.filter(({ queueArn }) => queueArn === arn).map(({ functionArn }) => functionArn),
    );
    if (functions.size < 2) return [];
    return [
      {
        severity: "error",
        resource: name,
        what: `${functions.size} functions receive from it: ${[...functions].map((each) => each.split(":").at(-1)).join(", ")}.`,
        why: "Each message goes to one of them, whichever comes first: a queue is shared work, not a copy for each (SQS developer guide).",
        fix: "A queue for each function, both subscribed to one topic.",
      },
    ];
  });

/** Receives that come back empty at once, over and over. */
export const shortPolling: Rule = (parts) => {
  const dead = deadLetterQueues(parts);
  return parts.queues.flatMap((queue): readonly Finding[] => {
    // Lambda's poller waits by itself, and nobody polls a dead-letter queue.
    const isPolled = !parts.mappings.some(({ queueArn }) => queueArn === queue.arn) && !dead.includes(queue);
    if (queue.waitSeconds > 0 || !isPolled) return [];
    return [
      {
        severity: "warning",
        resource: queue.name,
        what: "Long polling is off: ReceiveMessageWaitTimeSeconds is 0.",
        why: "A receive asks only some of the servers and comes back at once: it can miss messages that are there, and each empty answer costs a request (SQS developer guide, Short and long polling).",
        fix: `receiveMessageWaitTime: Duration.seconds(20), or aws sqs set-queue-attributes --queue-url <${queue.name}> --attributes ReceiveMessageWaitTimeSeconds=20`,
      },
    ];
  });
};

function each(
  parts: DeployedParts,
  look: (mapping: DeployedMapping, resource: string, consumer: string) => readonly Finding[],
): readonly Finding[] {
  return parts.mappings.flatMap((mapping) => {
    const queue = queueOf(parts, mapping.queueArn)?.name ?? mapping.queueArn;
    const consumer = functionOf(parts, mapping)?.name ?? mapping.functionArn;
    return look(mapping, queue, consumer);
  });
}
