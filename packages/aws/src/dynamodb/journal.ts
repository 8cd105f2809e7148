import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Journal } from "@reliq/core";
import { commitTogether } from "./commit-together.ts";
import { consumerJournal } from "./consumer-journal.ts";
import { listAttempts, listFailures } from "./list-entries.ts";
import { readClaims } from "./read-claims.ts";
import { readSequences } from "./read-sequences.ts";
import { renewAll } from "./renew-all.ts";

/**
 * The journal in a DynamoDB table (construct `Journal`): claims by key, FIFO groups by their last sequence number, and one
 * item a failed attempt. The index `by-queue` lists a queue's failures by day. `settle` never throws: what a request that
 * failed would have settled is `unavailable`.
 */
export function dynamodbJournal(client: DynamoDBClient, tableName: string, now: () => number = Date.now): Journal {
  return {
    ...consumerJournal(client, tableName),
    read: (keys) => readClaims(client, tableName, keys),
    renew: (claims) => renewAll(client, tableName, claims),
    commit: commitTogether(client, tableName, now),
    lastSequences: (groups) => readSequences(client, tableName, groups),
    attempts: (queue, messageId) => listAttempts(client, tableName, queue, messageId, now()),
    failures: (queue, day, options = {}) => listFailures(client, tableName, `${queue}#${day}`, options, now()),
  };
}
