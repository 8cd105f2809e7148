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
import { digestOf, isTooLarge, messageOf, publish } from "./publish.ts";
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
  readonly newId: () => string;
  readonly mode: ReadFailureMode;
}

/**
 * Accepts events: each is on the queue before it is acknowledged. Its key is taken first, with what came under it and the answer that it is to get, so a repeat
 * gets the first answer; and it is sent again, as the same event, since nobody knows whether the first one came so far. A request that says its own key
 * has its answer kept last: its repeat is over with that.
 * @throws what the ports throw where keys cannot be taken or answers kept; a repeat then goes on.
 */
export async function ingest(request: IngestRequest, ports: IngestPorts): Promise<IngestEnd> {
  const { events, isList, idempotencyKey, correlationId } = request;
  const offered = events.map((event) => ({
    event,
    answer: { orderId: event.orderId, messageId: ports.newId(), correlationId },
  }));
  const large = offered.flatMap(({ event, answer }, index) =>
    isTooLarge(messageOf(event, answer)) ? [isList ? `[${index}]` : "body"] : [],
  );
  if (large.length > 0) return { kind: "too-large", fields: large.map((field) => ({ field, reason: TOO_LARGE })) };
  const whole = idempotencyKey === undefined ? [] : [{ key: requestKey(idempotencyKey), digest: digestOf(events) }];
  const [first] = await claimAll(whole, ports.answers);
  if (first && isTaken(first)) {
    return { kind: "conflict", accepted: [], fields: [{ field: "Idempotency-Key", reason: OTHER_REQUEST }] };
  }
  if (first?.kept.answer) return { kind: "accepted", accepted: first.kept.answer };
  const end = await send(request, await claimEvents(offered, ports.answers), ports);
  if (end.kind !== "accepted" || !first) return end;
  return { kind: "accepted", accepted: await ports.answers.settle(first.key, end.accepted) };
}

const TOO_LARGE = "is larger than a message can be, 1 MiB with its attributes";
const OTHER_REQUEST = "came with other events before; a repeat has the same ones, and what is new has a key of its own";
const OTHER_EVENT = "came with other fields before; a repeat has the same ones, and a new event has an id of its own";

/** An event, and what it is answered unless its key has an answer already. */
interface Offered {
  readonly event: IngestedEvent;
  readonly answer: Accepted;
}

/** An event whose key is taken, for it or for something else, and its answer: the first one of its key. */
interface ClaimedEvent extends Offered {
  readonly claim: Claimed;
  /** Not a repeat of one before it in the same request. */
  readonly isFirst: boolean;
}

/** Takes the events' keys: of two with one key, the first; the other one is its repeat, or in conflict with it. */
async function claimEvents(offered: readonly Offered[], answers: FirstAnswers): Promise<readonly ClaimedEvent[]> {
  const asked = offered.map(({ event, answer }) => ({
    key: orderKey(event),
    digest: digestOf(event),
    answer: [answer],
  }));
  const firsts = new Map(asked.toReversed().map((each) => [each.key, each]));
  const claimed = new Map((await claimAll([...firsts.values()], answers)).map((claim) => [claim.key, claim]));
  return offered.map(({ event, answer }, index) => {
    const { key, digest } = asked[index] as (typeof asked)[number];
    const claim = { ...(claimed.get(key) as Claimed), digest };
    return { event, answer: claim.kept.answer?.[0] ?? answer, claim, isFirst: firsts.get(key) === asked[index] };
  });
}

async function send(
  { isList }: IngestRequest,
  claimed: readonly ClaimedEvent[],
  { producer, mode }: IngestPorts,
): Promise<IngestEnd> {
  const place = (index: number, field: string): string =>
    isList ? `[${index}]${field && `.${field}`}` : field || "body";
  const due = claimed.flatMap((each, index) => (each.isFirst && !isTaken(each.claim) ? [{ ...each, index }] : []));
  const refusals = await publish(
    producer,
    due.map(({ event, answer }) => messageOf(event, answer)),
    (await mode()) === "duplicate_submit" ? 2 : 1,
  );
  const unsent = new Map(due.map(({ claim, index }, at) => [claim.key, { index, refusal: refusals[at] }]));
  const fields = [...unsent.values()].flatMap(({ index, refusal }) =>
    refusal === undefined ? [] : [{ field: place(index, ""), reason: refusal }],
  );
  const isSent = ({ claim }: ClaimedEvent): boolean => !isTaken(claim) && unsent.get(claim.key)?.refusal === undefined;
  const accepted = claimed.flatMap((each) => (isSent(each) ? [each.answer] : []));
  if (fields.length > 0) return { kind: "unavailable", accepted, fields };
  const taken = claimed.flatMap(({ claim }, index) => (isTaken(claim) ? [place(index, "orderId")] : []));
  if (taken.length === 0) return { kind: "accepted", accepted };
  return { kind: "conflict", accepted, fields: taken.map((field) => ({ field, reason: OTHER_EVENT })) };
}
