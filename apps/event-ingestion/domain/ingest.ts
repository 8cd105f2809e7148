import type { Producer } from "@reliq/aws";
import type { IngestedEvent } from "./event.ts";
import type { ReadFailureMode } from "./failure-mode.ts";
import {
  type Accepted,
  type Claimed,
  claimAll,
  type FirstAnswers,
  isTaken,
  orderKey,
  requestKey,
} from "./idempotency.ts";
import { digestOf, isTooLarge, messageOf, type Published, publish } from "./publish.ts";
import type { BadField } from "./validate.ts";

/** A valid request. */
export interface IngestRequest {
  readonly events: readonly IngestedEvent[];
  readonly isList: boolean;
  readonly correlationId: string;
  /** The header `Idempotency-Key`. */
  readonly idempotencyKey?: string;
}

/** How a request ended. */
export type IngestEnd =
  /** Every event is durable. */
  | { readonly kind: "accepted"; readonly accepted: readonly Accepted[] }
  /** Some keys stand for something else, and what came under them was not sent; the rest is durable. */
  | { readonly kind: "conflict"; readonly accepted: readonly Accepted[]; readonly fields: readonly BadField[] }
  /** Nothing of it was sent: no queue takes so much. */
  | { readonly kind: "too-large"; readonly fields: readonly BadField[] }
  /** Some of it may be sent: a repeat sends the rest, and has one effect. */
  | { readonly kind: "unavailable"; readonly accepted: readonly Accepted[]; readonly fields: readonly BadField[] };

/** What ingesting works with. */
export interface IngestPorts {
  readonly producer: Producer;
  readonly answers: FirstAnswers;
  readonly mode: ReadFailureMode;
}

/**
 * Accepts events: each is on the queue before it is acknowledged. Its key is taken first, with what came under it, and its answer is kept last, so
 * a repeat gets the first answer, and one that was killed in between is sent again, as the same event.
 * @throws what the ports throw where keys cannot be taken or answers kept; a repeat then goes on.
 */
export async function ingest(request: IngestRequest, ports: IngestPorts): Promise<IngestEnd> {
  const { events, isList, idempotencyKey } = request;
  const large = events.flatMap((event, index) =>
    isTooLarge(messageOf(event, request.correlationId)) ? [isList ? `[${index}]` : "body"] : [],
  );
  if (large.length > 0) return { kind: "too-large", fields: large.map((field) => ({ field, reason: TOO_LARGE })) };
  const whole = idempotencyKey === undefined ? [] : [{ key: requestKey(idempotencyKey), digest: digestOf(events) }];
  const [first] = await claimAll(whole, ports.answers);
  if (first && isTaken(first)) {
    return { kind: "conflict", accepted: [], fields: [{ field: "Idempotency-Key", reason: OTHER_REQUEST }] };
  }
  if (first?.kept.answer) return { kind: "accepted", accepted: first.kept.answer };
  const end = await send(request, await claimEvents(events, ports.answers), ports);
  if (end.kind !== "accepted" || !first) return end;
  return { kind: "accepted", accepted: await ports.answers.settle(first.key, end.accepted) };
}

const TOO_LARGE = "is larger than a message can be, 1 MiB with its attributes";
const OTHER_REQUEST = "came with other events before; a repeat has the same ones, and what is new has a key of its own";
const OTHER_EVENT = "came with other fields before; a repeat has the same ones, and a new event has an id of its own";

/** Takes the events' keys: of two with one key, the first; the other one is its repeat, or in conflict with it. */
async function claimEvents(events: readonly IngestedEvent[], answers: FirstAnswers): Promise<readonly Claimed[]> {
  const asked = events.map((event) => ({ key: orderKey(event), digest: digestOf(event) }));
  const firsts = new Map(asked.toReversed().map((each) => [each.key, each]));
  const claimed = new Map((await claimAll([...firsts.values()], answers)).map((claim) => [claim.key, claim]));
  return asked.map(({ key, digest }) => ({ ...(claimed.get(key) as Claimed), digest }));
}

async function send(
  { events, isList, correlationId }: IngestRequest,
  claimed: readonly Claimed[],
  { producer, answers, mode }: IngestPorts,
): Promise<IngestEnd> {
  const due = events.flatMap((event, index) => {
    const claim = claimed[index] as Claimed;
    const isFirst = claimed.findIndex(({ key }) => key === claim.key) === index;
    return isFirst && !isTaken(claim) && !claim.kept.answer ? [{ event, index, key: claim.key }] : [];
  });
  const ends = await publish(
    producer,
    due.map(({ event }) => messageOf(event, correlationId)),
    (await mode()) === "duplicate_submit" ? 2 : 1,
  );
  const answered = new Map(claimed.map(({ key, kept }) => [key, kept.answer?.[0]]));
  const unsent: BadField[] = [];
  const settling = due.map(async ({ event: { orderId }, index, key }, place) => {
    const end = ends[place] as Published;
    if ("refused" in end) unsent.push({ field: isList ? `[${index}]` : "body", reason: end.refused });
    else answered.set(key, (await answers.settle(key, [{ orderId, messageId: end.messageId, correlationId }]))[0]);
  });
  await Promise.all(settling);
  const accepted = claimed.flatMap((claim) => (isTaken(claim) ? [] : (answered.get(claim.key) ?? [])));
  if (unsent.length > 0) return { kind: "unavailable", accepted, fields: unsent };
  const taken = claimed.flatMap((claim, index) => (isTaken(claim) ? [isList ? `[${index}].orderId` : "orderId"] : []));
  if (taken.length === 0) return { kind: "accepted", accepted };
  return { kind: "conflict", accepted, fields: taken.map((field) => ({ field, reason: OTHER_EVENT })) };
}
