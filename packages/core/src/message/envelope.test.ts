import { expect, test } from "vitest";
import { sampleMessage } from "../../testing/index.ts";
import { ENVELOPE_ATTRIBUTE, type Envelope, envelopeAttribute, lineageOf, readEnvelope } from "./envelope.ts";
import type { ReceivedMessage } from "./received-message.ts";

const enveloped = (stringValue: string): ReceivedMessage =>
  sampleMessage({ attributes: { [ENVELOPE_ATTRIBUTE]: { dataType: "String", stringValue } } });

const throughAttribute = (envelope: Envelope): ReceivedMessage =>
  enveloped(envelopeAttribute(envelope).stringValue ?? "");

test("a message without an envelope is its own lineage", () => {
  expect(lineageOf(sampleMessage())).toBe("m-1");
});

test("a lineage survives the way through an attribute", () => {
  expect(lineageOf(throughAttribute({ v: 1, id: "m-0", via: "fail-fast" }))).toBe("m-0");
});

test("a pointer to a body survives the way through an attribute, and the message is still its own lineage", () => {
  const s3 = { bucket: "bodies", key: "sha256/00" };
  const message = throughAttribute({ v: 1, s3 });
  expect(readEnvelope(message)).toEqual({ v: 1, s3 });
  expect(lineageOf(message)).toBe("m-1");
});

test.each([
  "",
  "null",
  "5",
  "[]",
  "{",
  '{"v":2,"id":"m-0"}',
  '{"v":1,"id":""}',
  '{"v":1,"id":5}',
  '{"v":1,"id":"m-0","s3":null}',
  '{"v":1,"s3":"bodies/key"}',
  '{"v":1,"s3":{"bucket":"bodies"}}',
  '{"v":1,"s3":{"bucket":"bodies","key":""}}',
  '{"v":1,"s3":{"bucket":["bodies"],"key":"k"}}',
  '{"__proto__":{"v":1,"id":"m-0"}}',
])("an envelope of %j is as good as none", (text) => {
  expect(lineageOf(enveloped(text))).toBe("m-1");
  expect(readEnvelope(enveloped(text))).toBeUndefined();
});
