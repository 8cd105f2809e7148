import type { Delivery } from "../consume.ts";
import type { Consumer } from "../consumer.ts";
import { ValidationFailure } from "../errors.ts";
import { explainRefusal } from "../journal/settlement.ts";
import { failed } from "../message/failed.ts";
import type { ReceivedMessage } from "../message/received-message.ts";
import { ended, type Work } from "../message/work.ts";
import type { Claim, ClaimItem } from "../model/claim-item.ts";
import type { ConsumePorts } from "../ports.ts";
import { inTime } from "../until-aborted.ts";

/** Reads what is behind the keys that could not be claimed, in one request, and ends their messages by it. */
export async function resolveRefused<T>(
  consumer: Consumer<T>,
  delivery: Delivery,
  works: readonly Work<T>[],
  ports: ConsumePorts,
): Promise<readonly Work<T>[]> {
  const claims: Claim[] = [];
  for (const { stage } of works) if (stage.at === "refused") claims.push(stage.claim);
  if (claims.length === 0) return works;
  const keys = claims.map((claim) => claim.key);
  const items = await inTime("The journal", () => ports.journal.read(keys), delivery.deadline).catch(() => undefined);
  const itemOf = new Map(claims.map((claim, index) => [claim, items?.[index]]));
  return works.map(({ message, stage }) =>
    stage.at === "refused" ? resolve(consumer, message, stage.claim, itemOf.get(stage.claim)) : { message, stage },
  );
}

function resolve<T>(
  consumer: Consumer<T>,
  message: ReceivedMessage,
  claim: Claim,
  item: ClaimItem | undefined,
): Work<T> {
  switch (explainRefusal(item, claim)) {
    case "done":
      return ended(message, duplicate(item), claim);
    case "in-progress":
      return ended(message, { kind: "deferred", cause: "in-progress" });
    case "other-payload":
      return ended(message, failed(consumer, message, otherPayload(claim)));
  }
}

function duplicate(item: ClaimItem | undefined): { kind: "duplicate"; result?: unknown } {
  return item?.result === undefined ? { kind: "duplicate" } : { kind: "duplicate", result: JSON.parse(item.result) };
}

/** Two messages with one key and different bodies. */
export function otherPayload({ key }: Claim): ValidationFailure {
  return new ValidationFailure(
    `The idempotency key ${JSON.stringify(key)} belongs to a message with another body: give each effect a key of its own.`,
  );
}
