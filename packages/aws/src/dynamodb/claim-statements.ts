import type { AttributeValue, BatchStatementRequest } from "@aws-sdk/client-dynamodb";
import type { Claim, ClaimItem } from "@reliq/core";
import type { Item } from "./statements.ts";

type Claimed = Omit<ClaimItem, "result">;

/** The primary key of a claim's item. */
export function claimKey(key: string): { readonly pk: AttributeValue; readonly sk: AttributeValue } {
  return { pk: { S: `claim#${key}` }, sk: { S: "claim" } };
}

/** The item of a claim; `expiresAt` is what DynamoDB deletes it by, in seconds, never before its time. */
export function claimItem(state: ClaimItem["state"], claim: Claim): Item {
  return { ...claimKey(claim.key), ...attributes({ ...claim, state }) };
}

/** A stored item as the protocol knows it. */
export function readClaimItem(item: Item): ClaimItem {
  const text = (name: string): string => item[name]?.S ?? "";
  const number = (name: string): number => Number(item[name]?.N);
  const result = item["result"]?.S;
  return {
    state: text("state") === "done" ? "done" : "claimed",
    token: text("token"),
    messageId: text("messageId"),
    receiveCount: number("receiveCount"),
    payloadHash: text("payloadHash"),
    leaseUntilMs: number("leaseUntilMs"),
    expiresAtMs: number("expiresAtMs"),
    ...(result !== undefined && { result }),
  };
}

/** `insertClaim` of core's model. */
export function insertStatement(table: string, claim: Claim): BatchStatementRequest {
  return insertItem(table, claimItem("claimed", claim));
}

/** An INSERT of a whole item, which an item under its key refuses. */
export function insertItem(table: string, item: Item): BatchStatementRequest {
  const members = Object.keys(item).map((name) => `'${name}': ?`);
  return { Statement: `INSERT INTO "${table}" VALUE {${members.join(", ")}}`, Parameters: Object.values(item) };
}

/** `takeOverClaim` of core's model; refused, it shows whether there is an item at all (DynamoDB Local never does: there a refusal costs an INSERT more). */
export function takeOverStatement(table: string, claim: Claim): BatchStatementRequest {
  const set = attributes({ ...claim, state: "claimed" });
  const now = { N: String(claim.nowMs) };
  const free = `("expiresAtMs" <= ? OR ("state" = ? AND ("token" = ? OR "leaseUntilMs" <= ? OR ("messageId" = ? AND "receiveCount" < ?))))`;
  const when = [now, { S: "claimed" }, { S: claim.token }, now, { S: claim.messageId }, count(claim)];
  return {
    ...update(table, claim.key, set, `REMOVE "result"`, free, when),
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  };
}

/** `renewClaim` of core's model. */
export function renewStatement(table: string, claim: Claim): BatchStatementRequest {
  const lease = { N: String(claim.leaseUntilMs) };
  const when = [{ S: "claimed" }, { S: claim.token }, lease];
  const held = `"state" = ? AND "token" = ? AND "leaseUntilMs" <= ?`;
  return update(table, claim.key, { leaseUntilMs: lease, ...expiry(claim) }, "", held, when);
}

/** `completeClaim` of core's model. */
export function completeStatement(table: string, claim: Claim, result: string | undefined): BatchStatementRequest {
  const set = {
    state: { S: "done" },
    ...expiry(claim),
    ...(result !== undefined && { result: { S: result } }),
  };
  return update(table, claim.key, set, "", `"token" = ?`, [{ S: claim.token }]);
}

/** `probeClaim` of core's model: a write that changes nothing, so that it can share a request with the others. */
export function probeStatement(table: string, { key, nowMs, payloadHash }: Claim): BatchStatementRequest {
  const done = { S: "done" };
  const when = [done, { N: String(nowMs) }, { S: payloadHash }];
  return update(table, key, { state: done }, "", `"state" = ? AND "expiresAtMs" > ? AND "payloadHash" = ?`, when);
}

function update(
  table: string,
  key: string,
  set: Item,
  remove: string,
  condition: string,
  when: readonly AttributeValue[],
): BatchStatementRequest {
  const sets = Object.keys(set).map((name) => `"${name}" = ?`);
  const { pk, sk } = claimKey(key);
  return {
    Statement: `UPDATE "${table}" SET ${sets.join(", ")} ${remove} WHERE "pk" = ? AND "sk" = ? AND ${condition}`,
    Parameters: [...Object.values(set), pk, sk, ...when],
  };
}

function attributes(claimed: Claimed): Item {
  return {
    state: { S: claimed.state },
    token: { S: claimed.token },
    messageId: { S: claimed.messageId },
    receiveCount: count(claimed),
    payloadHash: { S: claimed.payloadHash },
    leaseUntilMs: { N: String(claimed.leaseUntilMs) },
    ...expiry(claimed),
  };
}

function expiry({ expiresAtMs }: Pick<Claimed, "expiresAtMs">): Item {
  return { expiresAtMs: { N: String(expiresAtMs) }, expiresAt: { N: String(Math.ceil(expiresAtMs / 1_000)) } };
}

function count({ receiveCount }: Pick<Claimed, "receiveCount">): AttributeValue {
  return { N: String(receiveCount) };
}
