import type { AttributeValue, BatchStatementRequest } from "@aws-sdk/client-dynamodb";
import { type Claim, type ClaimItem, expiryMs } from "@reliq/core";
import type { Item } from "./statements.ts";

/** The primary key of a claim's item. */
export function claimKey(key: string): { readonly pk: AttributeValue; readonly sk: AttributeValue } {
  return { pk: { S: `claim#${key}` }, sk: { S: "claim" } };
}

/** The members of a claim's item; `expiresAt` is what DynamoDB deletes it by, in seconds, never before its time. */
const CLAIM_MEMBERS = [
  "pk",
  "sk",
  "state",
  "token",
  "messageId",
  "receiveCount",
  "payloadHash",
  "leaseUntilMs",
  "expiresAtMs",
  "expiresAt",
];
const INSERT_CLAIM: string = placeholders(CLAIM_MEMBERS);
const SET_CLAIM: string = assignments(CLAIM_MEMBERS.slice(2));

/** The values of these members, in their order: one literal, because a statement is made for every message. */
function claimValues(state: ClaimItem["state"], claim: Claim): AttributeValue[] {
  const expiresAtMs = expiryMs(state, claim);
  return [
    { S: `claim#${claim.key}` },
    { S: "claim" },
    { S: state },
    { S: claim.token },
    { S: claim.messageId },
    count(claim),
    { S: claim.payloadHash },
    { N: String(claim.leaseUntilMs) },
    { N: String(expiresAtMs) },
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
  const now = { N: String(claim.nowMs) };
  const free = `("expiresAtMs" <= ? OR ("state" = ? AND ("token" = ? OR "leaseUntilMs" <= ? OR ("messageId" = ? AND "receiveCount" < ?))))`;
  const when = [now, { S: "claimed" }, { S: claim.token }, now, { S: claim.messageId }, count(claim)];
  return {
    ...update(table, claim.key, `${SET_CLAIM} REMOVE "result"`, claimValues("claimed", claim).slice(2), free, when),
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  };
}

/** `renewClaim` of core's model. */
export function renewStatement(table: string, claim: Claim): BatchStatementRequest {
  const lease = { N: String(claim.leaseUntilMs) };
  const expiresAtMs = expiryMs("claimed", claim);
  const held = `"state" = ? AND "token" = ? AND "leaseUntilMs" <= ?`;
  const when = [{ S: "claimed" }, { S: claim.token }, lease];
  return update(
    table,
    claim.key,
    `"leaseUntilMs" = ?, ${SET_EXPIRY}`,
    [lease, { N: String(expiresAtMs) }, seconds(expiresAtMs)],
    held,
    when,
  );
}

/** `releaseClaim` of core's model. */
export function releaseStatement(table: string, claim: Claim): BatchStatementRequest {
  return update(table, claim.key, `"leaseUntilMs" = ?`, [{ N: "0" }], `"state" = ? AND "token" = ?`, [
    { S: "claimed" },
    { S: claim.token },
  ]);
}

/** `completeClaim` of core's model. */
export function completeStatement(table: string, claim: Claim, result: string | undefined): BatchStatementRequest {
  const { pk, sk } = claimKey(claim.key);
  const expiresAtMs = expiryMs("done", claim);
  const done = { S: "done" };
  const kept = result === undefined ? "" : `, "result" = ?`;
  const ms = { N: String(expiresAtMs) };
  const token = { S: claim.token };
  return {
    Statement: `UPDATE "${table}" SET "state" = ?, ${SET_EXPIRY}${kept} WHERE "pk" = ? AND "sk" = ? AND "token" = ?`,
    Parameters:
      result === undefined
        ? [done, ms, seconds(expiresAtMs), pk, sk, token]
        : [done, ms, seconds(expiresAtMs), { S: result }, pk, sk, token],
  };
}

/** `probeClaim` of core's model: a write that changes nothing, so that it can share a request with the others. */
export function probeStatement(table: string, { key, nowMs, payloadHash }: Claim): BatchStatementRequest {
  const done = { S: "done" };
  const when = [done, { N: String(nowMs) }, { S: payloadHash }];
  return update(table, key, `"state" = ?`, [done], `"state" = ? AND "expiresAtMs" > ? AND "payloadHash" = ?`, when);
}

function update(
  table: string,
  key: string,
  set: string,
  values: readonly AttributeValue[],
  condition: string,
  when: readonly AttributeValue[],
): BatchStatementRequest {
  const { pk, sk } = claimKey(key);
  return {
    Statement: `UPDATE "${table}" SET ${set} WHERE "pk" = ? AND "sk" = ? AND ${condition}`,
    Parameters: [...values, pk, sk, ...when],
  };
}

function placeholders(names: readonly string[]): string {
  return `{${names.map((name) => `'${name}': ?`).join(", ")}}`;
}

function assignments(names: readonly string[]): string {
  return names.map((name) => `"${name}" = ?`).join(", ");
}

const SET_EXPIRY = `"expiresAtMs" = ?, "expiresAt" = ?`;

/** When DynamoDB may delete it, in its seconds. */
function seconds(atMs: number): AttributeValue {
  return { N: String(Math.ceil(atMs / 1_000)) };
}

function count({ receiveCount }: Claim): AttributeValue {
  return { N: String(receiveCount) };
}
