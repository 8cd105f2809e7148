import { hash as digest } from "node:crypto";
import type { Members, World } from "../../../kernel/service.ts";
import { ServiceError } from "../../../kernel/service-error.ts";
import { constraint, optionalText } from "../request/members.ts";

/** How long a client request token is remembered, milliseconds (API reference, TransactWriteItems: 10 minutes). */
const REMEMBERED_MS = 10 * 60 * 1000;

const LONGEST_TOKEN = 36;

/**
 * Whether the request was carried out before, by its ClientRequestToken; remembers it otherwise. Inside a transaction.
 * @throws IdempotentParameterMismatchException where the token was used for another request
 */
export function wasDone(world: World, input: Members): boolean {
  const token = optionalText(input, "ClientRequestToken");
  if (token === undefined) return false;
  if (token.length > LONGEST_TOKEN || token.length === 0) {
    const bound = token.length === 0 ? "greater than or equal to 1" : `less than or equal to ${LONGEST_TOKEN}`;
    throw constraint(token, "ClientRequestToken", `Member must have length ${bound}`);
  }
  const nowMs = world.clock.now();
  world.store.statement("DELETE FROM dynamodb_request_token WHERE expires_at_ms <= ?").run(nowMs);
  const request = digest("sha256", JSON.stringify({ ...input, ReturnConsumedCapacity: undefined }), "hex");
  const known = world.store.statement("SELECT request FROM dynamodb_request_token WHERE token = ?").get(token);
  if (known === undefined) {
    world.store
      .statement("INSERT INTO dynamodb_request_token VALUES (?, ?, ?)")
      .run(token, request, nowMs + REMEMBERED_MS);
    return false;
  }
  if (known["request"] === request) return true;
  throw new ServiceError(
    "IdempotentParameterMismatchException",
    "The request uses the same client token as a previous, but non-identical request. Do not reuse a client token with different requests",
  );
}
