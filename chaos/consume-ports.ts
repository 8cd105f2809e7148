import { randomUUID } from "node:crypto";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamodbJournal, timeLimit } from "@reliq/aws";
import { type ConsumePorts, groupOrder, transactionalEffects } from "@reliq/core";
import { JOURNAL_TABLE } from "./consumer-effects.ts";

/** What the consumers of a chaos run work by: the journal that it made, and no log. */
export function consumePorts(dynamodb: DynamoDBClient): ConsumePorts {
  const journal = dynamodbJournal(dynamodb, JOURNAL_TABLE);
  return {
    journal,
    effects: transactionalEffects(journal),
    groups: groupOrder,
    log: () => {},
    now: Date.now,
    random: Math.random,
    newToken: randomUUID,
    timeLimit,
  };
}
