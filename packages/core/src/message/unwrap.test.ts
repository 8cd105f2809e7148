import fc from "fast-check";
import { expect, test } from "vitest";
import { memoryJournal, sampleSchema } from "../../testing/index.ts";
import { reasonOf, runBatch, turnedAround } from "../../testing/run-batch.ts";
import type { ConsumerOptions } from "../consumer.ts";
import { Deferral, DependencyFailure } from "../errors.ts";
import type { ConsumePorts } from "../ports.ts";
import { decrypted } from "./decrypted.ts";
import { ENVELOPE_ATTRIBUTE, envelopeAttribute } from "./envelope.ts";
import { eventBridgeEvent } from "./event-bridge-event.ts";
import { largeBodies } from "./large-bodies.ts";
import type { ReceivedMessage } from "./received-message.ts";
import { snsNotification } from "./sns-notification.ts";

const text = (stringValue: string): { dataType: string; stringValue: string } => ({ dataType: "String", stringValue });

/** Bodies in S3, by bucket and key. */
const stored = (objects: Record<string, string>): Pick<ConsumePorts, "bodies"> => ({
  bodies: largeBodies({
    get: async (bucket, key) => {
      const body = objects[`${bucket}/${key}`];
      if (body === undefined) throw new DependencyFailure(`There is no object ${key} in ${bucket}.`);
      return body;
    },
  }),
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
  const { seen } = await runBatch(
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
  expect(await reasonOf([pointing("bodies", "a")])).toMatchObject({
    category: "permanent",
    retryable: false,
    message: expect.stringMatching(/in S3.*lack `bodies`: set `largeBodies`/),
  });
});

test("another client's pointer without such a port is what the schema makes of it", async () => {
  const schema = sampleSchema(() => ({ issues: [{ message: "it is no order" }] }));
  expect(await reasonOf([{ body: extended("bodies", "a") }], { schema })).toMatchObject({
    category: "validation",
    retryable: false,
  });
});

test("a body that is not there yet comes back, and its batch mates are handled", async () => {
  const { outcomes, seen } = await runBatch([pointing("bodies", "a"), { body: "1" }], {}, stored({}));
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
  const { outcomes } = await runBatch([pointing("bodies", "a")], {}, { bodies: largeBodies({ get }) });
  expect(outcomes).toEqual([{ kind: "deferred", cause: "handler", retryAfterSeconds: 7, why: "open" }]);
});

test("what is in S3 is no pointer any more", async () => {
  const { seen } = await runBatch(
    [pointing("b", "a"), { body: extended("b", "a") }],
    {},
    stored({ "b/a": extended("b", "c"), "b/c": "2" }),
  );
  expect(seen.map(({ body }) => body)).toEqual([1, 1].map(() => JSON.parse(extended("b", "c"))));
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
  const { seen } = await runBatch([{ body }], {}, stored({ "b/k": "1" }));
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
  const { seen } = await runBatch([{ body, attributes: { both: text("queue") } }], { envelope: snsNotification });
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
  const { seen } = await runBatch(
    [{ body: notification(extended("b", "k")) }],
    { envelope: snsNotification },
    stored({ "b/k": "[5]" }),
  );
  expect(seen.map(({ body }) => body)).toEqual([[5]]);
});

test("an EventBridge event is its detail, and says what it is", async () => {
  const { seen } = await runBatch([{ body: event() }, { body: event({ detail: null }) }], {
    envelope: eventBridgeEvent,
  });
  const attributes = { source: text("shop"), "detail-type": text("Order Placed") };
  expect(seen).toEqual([
    { body: { orderId: 5 }, attributes },
    { body: null, attributes },
  ]);
});

test.each([
  [snsNotification, "{}", "not an SNS notification: where the subscription has raw delivery"],
  [snsNotification, "null", "not an SNS notification"],
  [snsNotification, '"Notification"', "not an SNS notification"],
  [snsNotification, notification({ orderId: 5 }), "not an SNS notification"],
  [snsNotification, '{"Type":"UnsubscribeConfirmation","Message":"{}"}', "not an SNS notification"],
  [snsNotification, notification("order 5"), "The SNS message (7 characters) is not JSON."],
  [snsNotification, notification("{}", { MessageAttributes: { a: null } }), "attribute without `Type` and `Value`"],
  [
    snsNotification,
    notification("{}", { MessageAttributes: { a: { Type: "Binary", Value: "A*==" } } }),
    "is not base64",
  ],
  [eventBridgeEvent, '{"detail":{}}', "not an EventBridge event"],
  [eventBridgeEvent, event({ detail: undefined }), "not an EventBridge event"],
  [eventBridgeEvent, event({ source: 5 }), "not an EventBridge event"],
  [eventBridgeEvent, "[]", "not an EventBridge event"],
] as const)(
  "a body that is not wrapped as the consumer says (%o: %s) is a bad payload",
  async (envelope, body, says) => {
    const bad = { category: "bad-payload", retryable: false, message: expect.stringContaining(says) };
    expect(await reasonOf([{ body }], { envelope })).toMatchObject(bad);
  },
);

test("`__proto__` in attributes and fields is a name like any other", async () => {
  const MessageAttributes = JSON.parse('{"__proto__":{"Type":"String","Value":"x"}}');
  const { seen } = await runBatch([{ body: notification("{}", { MessageAttributes }) }], { envelope: snsNotification });
  expect(Object.keys(seen[0]?.attributes ?? {})).toEqual(["__proto__"]);
});

test("a detail nested 100,000 levels deep is an outcome", async () => {
  const body = event({ detail: 0 }).replace('"detail":0', `"detail":${"[".repeat(100_000)}${"]".repeat(100_000)}`);
  const { outcomes } = await runBatch([{ body }], { envelope: eventBridgeEvent });
  expect(outcomes).toHaveLength(1);
});

test("wrapped twice by the producer, one order is a duplicate and not another payload", async () => {
  const idempotency = { key: (body: unknown) => String((body as { orderId: number }).orderId) };
  const journal = memoryJournal();
  const order = '{"orderId":5}';
  const ports = { ...stored({ "b/k1": order, "b/k2": order }), journal };
  const kinds = async (bodies: string[], options: Partial<ConsumerOptions<unknown>>): Promise<string[]> =>
    (
      await runBatch(
        bodies.map((body) => ({ body })),
        { idempotency, ...options },
        ports,
      )
    ).outcomes.map(({ kind }) => kind);
  const sns = [notification(order), notification(order, { MessageId: "n-2" })];
  expect(await kinds(sns, { name: "sns", envelope: snsNotification })).toEqual(["processed", "duplicate"]);
  const events = [event(), event({ id: "e-2" })];
  expect(await kinds(events, { name: "events", envelope: eventBridgeEvent })).toEqual(["processed", "duplicate"]);
  expect(await kinds([extended("b", "k1"), extended("b", "k2")], { name: "large" })).toEqual([
    "processed",
    "duplicate",
  ]);
});

test("whatever a body is, unwrapping ends in an outcome", async () => {
  const envelope = fc.constantFrom({}, { envelope: snsNotification }, { envelope: eventBridgeEvent });
  const wrap = fc.constantFrom(
    (body: string) => body,
    notification,
    (body: string) => event({ detail: body }),
  );
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.json(), fc.string()), wrap, envelope, async (inner, wrapped, kind) => {
      const options = { ...kind, encryptedFields: decrypted(["a"], turnedAround) };
      const { outcomes } = await runBatch([{ body: wrapped(inner) }], options, stored({}));
      expect(["processed", "failed"]).toContain(outcomes[0]?.kind);
    }),
  );
});
