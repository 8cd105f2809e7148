import type { AttributeValue, BatchStatementRequest } from "@aws-sdk/client-dynamodb";
import { type Claim, type ClaimItem, expiryMs } from "@reliq/core";
import type { Item } from "./statements.ts";

/** The primary key of a claim's item. */
export function claimKey(key: string): { readonly pk: AttributeValue; readonly sk: AttributeValue } {
  return { pk: { S: `claim#${key}` }, sk: CLAIM };
}

/** The members of a claim's item; `expiresAt` is what DynamoDB deletes it by, in seconds, never before its time. */
const CLAIM_MEMBERS = "pk sk state token messageId receiveCount payloadHash leaseUntilMs expiresAtMs expiresAt".split(
  " ",
);
const INSERT_CLAIM: string = placeholders(CLAIM_MEMBERS);
const SET_CLAIM: string = CLAIM_MEMBERS.slice(2)
  .map((name) => `"${name}" = ?`)
  .join(", ");

/** The values of these members, in their order: one literal, because a statement is made for every message. */
function claimValues(state: ClaimItem["state"], claim: Claim): AttributeValue[] {
  const expiresAtMs = expiryMs(state, claim);
  return [
    { S: `claim#${claim.key}` },
    CLAIM,
    state === "done" ? DONE : CLAIMED,
    { S: claim.token },
    { S: claim.messageId },
    number(claim.receiveCount),
    { S: claim.payloadHash },
    number(claim.leaseUntilMs),
    number(expiresAtMs),
    seconds(expiresAtMs),
  ];
}

/** The item of a claim. */
export function claimItem(state: ClaimItem["state"], claim: Claim): Item {
  const values = claimValues(state, claim);
  return Object.fromEntries(CLAIM_MEMBERS.map((name, index) => [name, values[index] as AttributeValue]));
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

/** `insertClaim` of core's model; or a claim that is done from the start. */
export function insertStatement(
  table: string,
  claim: Claim,
  state: ClaimItem["state"] = "claimed",
): BatchStatementRequest {
  return { Statement: `INSERT INTO "${table}" VALUE ${INSERT_CLAIM}`, Parameters: claimValues(state, claim) };
}

/** An INSERT of a whole item, which an item under its key refuses. */
export function insertItem(table: string, item: Item): BatchStatementRequest {
  return {
    Statement: `INSERT INTO "${table}" VALUE ${placeholders(Object.keys(item))}`,
    Parameters: Object.values(item),
  };
}

/** `takeOverClaim` of core's model; refused, it shows whether there is an item at all (DynamoDB Local never does: there a refusal costs an INSERT more). */
export function takeOverStatement(table: string, claim: Claim): BatchStatementRequest {
  const [pk, sk, ...members] = claimValues("claimed", claim) as [AttributeValue, AttributeValue, ...AttributeValue[]];
  const now = number(claim.nowMs);
  const when = [now, CLAIMED, { S: claim.token }, now, { S: claim.messageId }, number(claim.receiveCount)];
  return {
    ...update(
      table,
      `${SET_CLAIM} REMOVE "result"`,
      `("expiresAtMs" <= ? OR ("state" = ? AND ("token" = ? OR "leaseUntilMs" <= ? OR ("messageId" = ? AND "receiveCount" < ?))))`,
      [...members, pk, sk, ...when],
    ),
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  };
}

/** `renewClaim` of core's model. */
export function renewStatement(table: string, claim: Claim): BatchStatementRequest {
  const { pk, sk } = claimKey(claim.key);
  const lease = number(claim.leaseUntilMs);
  const expiresAtMs = expiryMs("claimed", claim);
  return update(table, `"leaseUntilMs" = ?, ${SET_EXPIRY}`, `"state" = ? AND "token" = ? AND "leaseUntilMs" <= ?`, [
    lease,
    number(expiresAtMs),
    seconds(expiresAtMs),
    pk,
    sk,
    CLAIMED,
    { S: claim.token },
    lease,
  ]);
}

/** `releaseClaim` of core's model. */
export function releaseStatement(table: string, { key, token }: Claim): BatchStatementRequest {
  const { pk, sk } = claimKey(key);
  const parameters = [number(0), pk, sk, CLAIMED, { S: token }];
  return update(table, `"leaseUntilMs" = ?`, `"state" = ? AND "token" = ?`, parameters);
}

/** `completeClaim` of core's model. */
export function completeStatement(table: string, claim: Claim, result: string | undefined): BatchStatementRequest {
  const { pk, sk } = claimKey(claim.key);
  const expiresAtMs = expiryMs("done", claim);
  const [kept, value] = result === undefined ? ["", []] : [`, "result" = ?`, [{ S: result }]];
  const parameters = [DONE, number(expiresAtMs), seconds(expiresAtMs), ...value, pk, sk, { S: claim.token }];
  return update(table, `"state" = ?, ${SET_EXPIRY}${kept}`, `"token" = ?`, parameters);
}

/** `probeClaim` of core's model: a write that changes nothing, so that it can share a request with the others; refused, it shows the item (DynamoDB Local does not). */
export function probeStatement(table: string, { key, nowMs, payloadHash }: Claim): BatchStatementRequest {
  const { pk, sk } = claimKey(key);
  const parameters = [DONE, pk, sk, DONE, number(nowMs), { S: payloadHash }];
  return {
    ...update(table, `"state" = ?`, `"state" = ? AND "expiresAtMs" > ? AND "payloadHash" = ?`, parameters),
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  };
}

const CLAIM: AttributeValue = { S: "claim" };
const CLAIMED: AttributeValue = { S: "claimed" };
const DONE: AttributeValue = { S: "done" };
const SET_EXPIRY = `"expiresAtMs" = ?, "expiresAt" = ?`;

/** Its parameters are what is set, the key, and what the condition asks for, in one list: one is made for every message. */
function update(table: string, set: string, condition: string, Parameters: AttributeValue[]): BatchStatementRequest {
  return { Statement: `UPDATE "${table}" SET ${set} WHERE "pk" = ? AND "sk" = ? AND ${condition}`, Parameters };
}

function placeholders(names: readonly string[]): string {
  return `{${names.map((name) => `'${name}': ?`).join(", ")}}`;
}

function number(value: number): AttributeValue {
  return { N: String(value) };
}

/** When DynamoDB may delete it, in its seconds. */
function seconds(atMs: number): AttributeValue {
  return number(Math.ceil(atMs / 1_000));
}
