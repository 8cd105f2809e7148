import { expect, test } from "vitest";
import { sampleMessage } from "../../testing/index.ts";
import { ENVELOPE_ATTRIBUTE, envelopeAttribute, lineageOf } from "./envelope.ts";

const withEnvelope = (stringValue: string): string =>
  lineageOf(sampleMessage({ attributes: { [ENVELOPE_ATTRIBUTE]: { dataType: "String", stringValue } } }));

test("a message without an envelope is its own lineage", () => {
  expect(lineageOf(sampleMessage())).toBe("m-1");
});

test("a lineage survives the way through an attribute", () => {
  expect(withEnvelope(envelopeAttribute({ v: 1, id: "m-0", via: "fail-fast" }).stringValue ?? "")).toBe("m-0");
});

test.each(["", "null", "5", "[]", "{", '{"v":2,"id":"m-0"}', '{"v":1}', '{"v":1,"id":""}', '{"v":1,"id":5}'])(
  "an envelope of %j is as good as none",
  (text) => {
    expect(withEnvelope(text)).toBe("m-1");
  },
);
