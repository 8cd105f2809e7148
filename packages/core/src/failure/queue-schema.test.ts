import type { StandardSchemaV1 } from "@standard-schema/spec";
import { expect, test } from "vitest";
import { turnedAround } from "../../testing/run-batch.ts";
import { decrypted } from "../message/decrypted.ts";
import { eventBridgeEvent } from "../message/event-bridge-event.ts";
import { snsNotification } from "../message/sns-notification.ts";
import { describeMisfit, type QueueSchema } from "./queue-schema.ts";

const schema: StandardSchemaV1<unknown, unknown> = {
  "~standard": {
    version: 1,
    vendor: "test",
    validate: (value) =>
      Number((value as { amount?: unknown } | null)?.amount) > 0
        ? { value }
        : { issues: [{ message: "it must be over 0", path: ["amount"] }] },
  },
};

const fits = '{"amount":5}';
const misfits = '{"amount":-5}';
const sns = (Message: string): string =>
  JSON.stringify({ Type: "Notification", MessageId: "1", TopicArn: "t", Message });
const event = (detail: unknown): string =>
  JSON.stringify({ version: "0", id: "1", "detail-type": "order", source: "shop", detail });

test.each<[string, QueueSchema, string, string | undefined]>([
  ["a body that fits", { schema }, fits, undefined],
  ["a field that does not fit", { schema }, misfits, "amount (it must be over 0)"],
  ["a body that is no JSON", { schema }, "{", "JSON"],
  ["a notification whose message fits", { schema, envelope: snsNotification }, sns(fits), undefined],
  [
    "a notification whose message does not fit",
    { schema, envelope: snsNotification },
    sns(misfits),
    "it must be over 0",
  ],
  ["a notification whose message is no JSON", { schema, envelope: snsNotification }, sns("{"), "The SNS message"],
  ["what is no notification", { schema, envelope: snsNotification }, fits, "SNS"],
  ["an event whose detail fits", { schema, envelope: eventBridgeEvent }, event({ amount: 5 }), undefined],
  ["an event whose detail does not fit", { schema, envelope: eventBridgeEvent }, event({}), "it must be over 0"],
  [
    "what cannot be read from here: encrypted fields",
    { schema, encryptedFields: decrypted(["amount"], turnedAround) },
    misfits,
    undefined,
  ],
  [
    "what cannot be read from here: a body in S3",
    { schema },
    '["software.amazon.payloadoffloading.PayloadS3Pointer",{"s3BucketName":"b","s3Key":"k"}]',
    undefined,
  ],
])("%s", async (_, queueSchema, body, said) => {
  const misfit = await describeMisfit(queueSchema, body);
  if (said === undefined) expect(misfit).toBeUndefined();
  else expect(misfit).toContain(said);
});

test("a schema that itself throws is a misfit that says so, and no crash", async () => {
  const broken: QueueSchema = {
    schema: {
      "~standard": {
        version: 1,
        vendor: "test",
        validate: () => {
          throw new TypeError("schema is broken");
        },
      },
    },
  };
  expect(await describeMisfit(broken, "{}")).toContain("schema is broken");
});
