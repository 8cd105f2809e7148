import fc from "fast-check";
import { expect, test } from "vitest";
import { anyBody, memoryJournal, sampleMessage, samplePorts, sampleSchema } from "../../testing/index.ts";
import { consume, type Delivery } from "../consume.ts";
import { type ConsumerOptions, consumer, type HandlerContext } from "../consumer.ts";
import { Deferral, DependencyFailure } from "../errors.ts";
import type { ConsumePorts } from "../ports.ts";
import { ENVELOPE_ATTRIBUTE, envelopeAttribute } from "./envelope.ts";
import type { Outcome } from "./outcome.ts";
import type { ReceivedMessage } from "./received-message.ts";

interface Seen {
  readonly body: unknown;
  readonly attributes: HandlerContext["attributes"];
}

interface Run {
  readonly outcomes: readonly Outcome[];
  readonly seen: readonly Seen[];
  readonly lines: string;
}

async function run(
  messages: readonly Partial<ReceivedMessage>[],
  options: Partial<ConsumerOptions<unknown>> = {},
  ports: Partial<ConsumePorts> = {},
): Promise<Run> {
  const seen: Seen[] = [];
  const handle = (body: unknown, { attributes }: HandlerContext): void => void seen.push({ body, attributes });
  const orders = consumer({ name: "orders", schema: anyBody, handle, ...options });
  const { signal } = new AbortController();
  const numbered = messages.map((changes, index) => sampleMessage({ messageId: `m-${index}`, ...changes }));
  const delivery: Delivery = { messages: numbered, signal, deadline: signal, leaseUntilMs: Date.UTC(2026, 1, 2) };
  const used = samplePorts(ports);
  const attempted = await consume(orders, delivery, used);
  return { outcomes: attempted.map(({ outcome }) => outcome), seen, lines: JSON.stringify(used.lines) };
}

async function reason(...given: Parameters<typeof run>): Promise<unknown> {
  const { outcomes, seen } = await run(...given);
  expect(seen).toEqual([]);
  const [outcome] = outcomes;
  return outcome?.kind === "failed" ? outcome.reason : outcome;
}

const text = (stringValue: string): { dataType: string; stringValue: string } => ({ dataType: "String", stringValue });

/** Bodies in S3, by bucket and key. */
const stored = (objects: Record<string, string>): Pick<ConsumePorts, "bodies"> => ({
  bodies: {
    get: async (bucket, key) => {
      const body = objects[`${bucket}/${key}`];
      if (body === undefined) throw new DependencyFailure(`There is no object ${key} in ${bucket}.`);
      return body;
    },
  },
});

const pointing = (bucket: string, key: string): Partial<ReceivedMessage> => ({
  body: JSON.stringify({ s3: { bucket, key } }),
  attributes: { [ENVELOPE_ATTRIBUTE]: envelopeAttribute({ v: 1, s3: { bucket, key } }) },
});

const extended = (bucket: unknown, key: unknown, name = "software.amazon.payloadoffloading.PayloadS3Pointer"): string =>
  JSON.stringify([name, { s3BucketName: bucket, s3Key: key }]);

const notification = (Message: unknown, changes: object = {}): string =>
  JSON.stringify({
    Type: "Notification",
    MessageId: "n-1",
    TopicArn: "arn:aws:sns:us-east-1:1:t",
    Message,
    ...changes,
  });

const event = (changes: object = {}): string =>
  JSON.stringify({
    version: "0",
    id: "e-1",
    "detail-type": "Order Placed",
    source: "shop",
    time: "2026-01-31T00:00:00Z",
    detail: { orderId: 5 },
    ...changes,
  });

test("a body in S3 is the body, whoever left the pointer", async () => {
  const { seen } = await run(
    [
      pointing("bodies", "a"),
      { body: extended("bodies", "b") },
      { body: extended("bodies", "b", "com.amazon.sqs.javamessaging.MessageS3Pointer") },
    ],
    {},
    stored({ "bodies/a": '{"from":"Reliq"}', "bodies/b": '{"from":"the extended client"}' }),
  );
  const [reliq, client] = [{ from: "Reliq" }, { from: "the extended client" }];
  expect(seen.map(({ body }) => body)).toEqual([reliq, client, client]);
});

test("a pointer without a port to follow it is a failure that says what to do, and never retried in vain", async () => {
  for (const message of [pointing("bodies", "a"), { body: extended("bodies", "a") }]) {
    expect(await reason([message])).toMatchObject({
      category: "permanent",
      retryable: false,
      message: expect.stringMatching(/bucket bodies.*no port `bodies`: add/),
    });
  }
});

test("a body that is not there yet comes back, and its batch mates are handled", async () => {
  const { outcomes, seen } = await run([pointing("bodies", "a"), { body: "1" }], {}, stored({}));
  expect(outcomes).toMatchObject([
    { kind: "failed", reason: { category: "dependency", retryable: true } },
    { kind: "processed" },
  ]);
  expect(seen).toHaveLength(1);
});

test("a store that wants no calls now defers the message", async () => {
  const get = (): never => {
    throw new Deferral("open", { retryAfterSeconds: 7 });
  };
  const { outcomes } = await run([pointing("bodies", "a")], {}, { bodies: { get } });
  expect(outcomes).toEqual([{ kind: "deferred", cause: "handler", retryAfterSeconds: 7 }]);
});

test("what is in S3 is no pointer any more", async () => {
  const { seen } = await run(
    [pointing("b", "a"), { body: extended("b", "a") }],
    {},
    stored({ "b/a": extended("b", "c"), "b/c": "2" }),
  );
  expect(seen.map(({ body }) => body)).toEqual([2, JSON.parse(extended("b", "c"))]);
});

test.each([
  ["another class", '["java.net.URL",{"s3BucketName":"b","s3Key":"k"}]'],
  ["no key", extended("b", undefined)],
  ["an empty bucket", extended("", "k")],
  ["a list for a key", extended("b", ["k"])],
  ["nothing behind it", '["software.amazon.payloadoffloading.PayloadS3Pointer",null]'],
  ["more behind it", '["software.amazon.payloadoffloading.PayloadS3Pointer",{"s3BucketName":"b","s3Key":"k"},1]'],
  ["a pointer inside", `{"order":${extended("b", "k")}}`],
])("a body like a pointer but with %s is a body", async (_, body) => {
  const { seen } = await run([{ body }], {}, stored({ "b/k": "1" }));
  expect(seen.map((each) => each.body)).toEqual([JSON.parse(body)]);
});

test("an SNS notification is its message, with its attributes; the queue's own come first", async () => {
  const MessageAttributes = {
    store: { Type: "Number", Value: "5" },
    tags: { Type: "String.Array", Value: '["a"]' },
    icon: { Type: "Binary", Value: "AP9h" },
    both: { Type: "String", Value: "topic" },
  };
  const body = notification('{"orderId":5}', { MessageAttributes });
  const { seen } = await run([{ body, attributes: { both: text("queue") } }], { envelope: "sns" });
  expect(seen).toEqual([
    {
      body: { orderId: 5 },
      attributes: {
        store: { dataType: "Number", stringValue: "5" },
        tags: { dataType: "String.Array", stringValue: '["a"]' },
        icon: { dataType: "Binary", binaryValue: Uint8Array.of(0, 255, 97) },
        both: text("queue"),
      },
    },
  ]);
});

test("a large SNS message is in S3 too", async () => {
  const { seen } = await run(
    [{ body: notification(extended("b", "k")) }],
    { envelope: "sns" },
    stored({ "b/k": "[5]" }),
  );
  expect(seen.map(({ body }) => body)).toEqual([[5]]);
});

test("an EventBridge event is its detail, and says what it is", async () => {
  const { seen } = await run([{ body: event() }, { body: event({ detail: null }) }], { envelope: "eventbridge" });
  const attributes = { source: text("shop"), "detail-type": text("Order Placed") };
  expect(seen).toEqual([
    { body: { orderId: 5 }, attributes },
    { body: null, attributes },
  ]);
});

test.each([
  ["sns", "{}", "not an SNS notification: where the subscription has raw delivery"],
  ["sns", "null", "not an SNS notification"],
  ["sns", '"Notification"', "not an SNS notification"],
  ["sns", notification({ orderId: 5 }), "not an SNS notification"],
  ["sns", '{"Type":"UnsubscribeConfirmation","Message":"{}"}', "not an SNS notification"],
  ["sns", notification("order 5"), "The SNS message (7 characters) is not JSON."],
  ["sns", notification("{}", { MessageAttributes: { a: null } }), "attribute without `Type` and `Value`"],
  ["sns", notification("{}", { MessageAttributes: { a: { Type: "Binary", Value: "A*==" } } }), "is not base64"],
  ["eventbridge", '{"detail":{}}', "not an EventBridge event"],
  ["eventbridge", event({ detail: undefined }), "not an EventBridge event"],
  ["eventbridge", event({ source: 5 }), "not an EventBridge event"],
  ["eventbridge", "[]", "not an EventBridge event"],
] as const)(
  "a body that is not wrapped as the consumer says (%s: %s) is a bad payload",
  async (envelope, body, says) => {
    const bad = { category: "bad-payload", retryable: false, message: expect.stringContaining(says) };
    expect(await reason([{ body }], { envelope })).toMatchObject(bad);
  },
);

test("`__proto__` in attributes and fields is a name like any other", async () => {
  const MessageAttributes = JSON.parse('{"__proto__":{"Type":"String","Value":"x"}}');
  const { seen } = await run([{ body: notification("{}", { MessageAttributes }) }], { envelope: "sns" });
  expect(Object.keys(seen[0]?.attributes ?? {})).toEqual(["__proto__"]);
});

test("a detail nested 100,000 levels deep is an outcome", async () => {
  const body = event({ detail: 0 }).replace('"detail":0', `"detail":${"[".repeat(100_000)}${"]".repeat(100_000)}`);
  const { outcomes } = await run([{ body }], { envelope: "eventbridge" });
  expect(outcomes).toHaveLength(1);
});

const reversed = {
  decryption: {
    decrypt: async (fields: Readonly<Record<string, string>>) =>
      Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, [...value].reverse().join("")])),
  },
};

test("encrypted fields are plain when the schema sees them, and those that are missing are its business", async () => {
  const body = '{"card":"4321","name":"x","toString":"5","__proto__":{"card":"1"}}';
  const { seen } = await run([{ body }], { encryptedFields: ["card", "iban"] }, reversed);
  expect(JSON.stringify(seen[0]?.body)).toBe('{"card":"1234","name":"x","toString":"5","__proto__":{"card":"1"}}');
  const others = ["null", "5", "[]", '"card"', "{}"];
  const untouched = await run(
    others.map((each) => ({ body: each })),
    { encryptedFields: ["card"] },
    reversed,
  );
  expect(untouched.seen.map((each) => JSON.stringify(each.body))).toEqual(others);
});

test("plain values of encrypted fields are neither in the journal nor in the log", async () => {
  const handle = (body: unknown): never => {
    throw new Error(`declined: ${(body as { card: string }).card}`);
  };
  const options = { encryptedFields: ["card"], handle };
  const { outcomes, lines } = await run([{ body: '{"card":"765432198"}' }], options, reversed);
  expect(outcomes[0]).toMatchObject({ kind: "failed", reason: { message: expect.stringContaining("declined: ") } });
  expect(JSON.stringify(outcomes) + lines).not.toContain("891234567");
});

test("what a schema says of a decrypted field is not in the journal either", async () => {
  const schema = sampleSchema((value) => ({
    issues: [{ message: `${(value as { card: string }).card} is no card`, path: ["card"] }],
  }));
  const { outcomes } = await run([{ body: '{"card":"765432198"}' }], { encryptedFields: ["card"], schema }, reversed);
  expect(outcomes[0]).toMatchObject({ kind: "failed", reason: { category: "validation" } });
  expect(JSON.stringify(outcomes)).not.toContain("891234567");
});

test.each([
  [
    "a field that is no text",
    '{"card":5}',
    reversed,
    { category: "validation", message: "The encrypted field card is not a text." },
  ],
  [
    "a port that leaves a field out",
    '{"card":"4"}',
    { decryption: { decrypt: async () => ({}) } },
    { errorName: "ReliqError", message: "The port `decryption` gave back no field card." },
  ],
  [
    "a port that throws",
    '{"card":"4"}',
    { decryption: { decrypt: () => Promise.reject(new DependencyFailure("no key")) } },
    { category: "dependency", retryable: true },
  ],
])("%s is a failed attempt", async (_, body, ports, expected) => {
  expect(await reason([{ body }], { encryptedFields: ["card"] }, ports)).toMatchObject(expected);
});

test("a consumer with encrypted fields and nothing to open them with is refused before any message is touched", async () => {
  await expect(run([{ body: "{}" }], { encryptedFields: ["card"] })).rejects.toMatchObject({
    code: "decryption-missing",
  });
});

test("wrapped twice by the producer, one order is a duplicate and not another payload", async () => {
  const idempotency = { key: (body: unknown) => String((body as { orderId: number }).orderId) };
  const journal = memoryJournal();
  const order = '{"orderId":5}';
  const ports = { ...reversed, ...stored({ "b/k1": order, "b/k2": order }), journal };
  const kinds = async (bodies: string[], options: Partial<ConsumerOptions<unknown>>): Promise<string[]> =>
    (
      await run(
        bodies.map((body) => ({ body })),
        { idempotency, ...options },
        ports,
      )
    ).outcomes.map(({ kind }) => kind);
  const sns = [notification(order), notification(order, { MessageId: "n-2" })];
  expect(await kinds(sns, { name: "sns", envelope: "sns" })).toEqual(["processed", "duplicate"]);
  const events = [event(), event({ id: "e-2" })];
  expect(await kinds(events, { name: "events", envelope: "eventbridge" })).toEqual(["processed", "duplicate"]);
  expect(await kinds([extended("b", "k1"), extended("b", "k2")], { name: "large" })).toEqual([
    "processed",
    "duplicate",
  ]);
});

test("whatever a body is, unwrapping ends in an outcome", async () => {
  const envelope = fc.constantFrom("none" as const, "sns" as const, "eventbridge" as const);
  const wrap = fc.constantFrom(
    (body: string) => body,
    notification,
    (body: string) => event({ detail: body }),
  );
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.json(), fc.string()), wrap, envelope, async (inner, wrapped, kind) => {
      const options = { envelope: kind, encryptedFields: ["a"] };
      const { outcomes } = await run([{ body: wrapped(inner) }], options, { ...reversed, ...stored({}) });
      expect(["processed", "failed"]).toContain(outcomes[0]?.kind);
    }),
  );
});
