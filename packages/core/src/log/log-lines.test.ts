import { expect, test } from "vitest";
import { anyBody, sampleMessage, samplePorts } from "../../testing/index.ts";
import { consume } from "../consume.ts";
import { type ConsumerOptions, consumer } from "../consumer.ts";
import { PermanentFailure } from "../errors.ts";
import { deadLetters } from "../journal/dead-letters.ts";
import type { ConsumePorts, LogLine } from "../ports.ts";
import { redacted } from "../redact/redacted.ts";
import { EVENT_CODES } from "./event-codes.ts";

const PERSONAL = ["jo@example.com", 'Jo O\'Neil "the <b>"', "1990-01-31", "15550100", "deep-secret", "who-secret"];

/** Personal values at the top, deep inside, in JSON in a text, as numbers, and in names that look like patterns. */
const BODY = {
  email: PERSONAL[0],
  nested: [
    { "user.name": PERSONAL[1], json: JSON.stringify({ dob: PERSONAL[2], in: JSON.stringify({ phone: 15550100 }) }) },
  ],
  phone: 15550100,
  list: Array.from({ length: 50 }, () => ({ secret: { a: ["deep-secret"] } })),
};

const ATTRIBUTES = {
  who: { dataType: "String", stringValue: "who-secret" },
  correlation_id: { dataType: "String", stringValue: "c-1" },
  Reliq: { dataType: "String", stringValue: '{"v":1,"id":"m-0","sends":1}' },
};

const NAMES = ["email", "user.name", "dob", "phone", "secret", "who"];
const personalFields = redacted(NAMES);

async function linesOf(
  options: Partial<ConsumerOptions<unknown>>,
  changes: Partial<ConsumePorts> = {},
  body = JSON.stringify(BODY),
): Promise<readonly LogLine[]> {
  const ports = samplePorts();
  const { signal } = new AbortController();
  const messages = [sampleMessage({ body, attributes: ATTRIBUTES })];
  const delivery = { messages, signal, deadline: signal, leaseUntilMs: 1, maxReceiveCount: 1 };
  const orders = consumer({ name: "orders", schema: anyBody, handle: () => {}, personalFields, ...options });
  await consume(orders, delivery, { ...ports, ...changes });
  return ports.lines;
}

const gone = (): never => {
  throw new Error("the service is gone");
};

const ABOUT = { consumer: "orders", queue: "orders", messageId: "m-1", lineage: "m-0", correlationId: "c-1" };

test("what a handler logs names its message, its lineage and its correlation id, and is at its level", async () => {
  const lines = await linesOf({
    handle: (_, { log }) => {
      log({ event: "order-shipped", parcels: 2 });
      log({ event: "order-late", level: "warn", messageId: "another" });
    },
  });
  expect(lines).toEqual([
    { level: "info", event: "order-shipped", parcels: 2, ...ABOUT },
    { level: "warn", event: "order-late", ...ABOUT },
  ]);
});

test("each line about one message names it, and each event's fields are those of its table", async () => {
  const journal = { ...samplePorts().journal, settle: gone };
  const lines = [
    ...(await linesOf({ handle: gone })),
    ...(await linesOf({ handle: gone }, { journal })),
    ...(await linesOf({ idempotency: { key: () => "k" } }, { journal: { ...journal, claim: async () => [true] } })),
    ...(await linesOf({ idempotency: { key: () => "k" } }, { journal: { ...journal, claim: gone } })),
    ...(await linesOf(
      {
        failFast: true,
        handle: () => {
          throw new PermanentFailure("never");
        },
      },
      { deadLetters: deadLetters(gone) },
    )),
  ];
  const seen = new Set(lines.map(({ event }) => event));
  for (const event of [
    "attempt-failed",
    "claims-unavailable",
    "completion-unavailable",
    "fail-fast-unavailable",
    "journal-unavailable",
  ]) {
    expect(seen).toContain(event);
  }
  for (const { level, event, ...fields } of lines) {
    const code = EVENT_CODES[event];
    expect(code?.level, event).toBe(level);
    const { consumer: _, ...message } = ABOUT;
    const known = [...(code?.fields ?? []), ...(code?.ofMessage ? Object.keys(message) : [])];
    expect(
      Object.keys(fields).filter((field) => !known.includes(field)),
      event,
    ).toEqual([]);
    if (code?.ofMessage) expect(fields).toMatchObject(message);
  }
});

test("no value of a personal field is in any line, whatever a handler throws and logs, and whatever is down", async () => {
  const handle: ConsumerOptions<unknown>["handle"] = (body, { log, attributes }) => {
    log({
      event: "seen",
      level: "warn",
      body,
      attributes,
      text: JSON.stringify(body),
      phone: 15550100,
      number: 15550100,
    });
    for (const value of PERSONAL) log({ event: "said", text: `it is ${value}, and {"email":"${value}"}` });
    throw new PermanentFailure(`${PERSONAL.join(" and ")}: ${JSON.stringify({ body, attributes })}`);
  };
  const down = { claim: async () => [true], settle: gone };
  const journal = { ...samplePorts().journal, ...down };
  const key = (): string => `order-${PERSONAL[0]}`;
  const lines = [
    ...(await linesOf({ handle })),
    ...(await linesOf({ handle, failFast: true, idempotency: { key } }, { journal, deadLetters: deadLetters(gone) })),
    ...(await linesOf({ idempotency: { key } }, { journal })),
    ...(await linesOf({ handle }, {}, `${JSON.stringify(BODY).slice(0, -1)},`)),
  ];
  expect(lines.length).toBeGreaterThan(15);
  const text = JSON.stringify(lines);
  expect(text).toContain("[redacted]");
  for (const value of PERSONAL) {
    expect(text).not.toContain(value);
    expect(text).not.toContain(JSON.stringify(JSON.stringify(value)).slice(3, -3));
  }
  const secret = await linesOf({ personalFields: redacted([...NAMES, "correlation_id"]), handle });
  expect(secret.length).toBeGreaterThan(5);
  expect(JSON.stringify(secret)).not.toContain("c-1");
});
