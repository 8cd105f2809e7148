import fc from "fast-check";
import { expect, test } from "vitest";
import { sampleFailure } from "../../testing/failure-samples.ts";
import { changedContent } from "./changed-content.ts";
import type { ContentChange } from "./failed-message.ts";

const edit = (diff = "amount: -5 → 5"): ContentChange => ({ kind: "edit", by: "ann", atMs: 7, diff: [diff] });
const text = (stringValue: string) => ({ dataType: "String", stringValue });

test("whatever is changed how often, what the producer sent stays, and each change is listed in order", () => {
  const content = fc.record({ body: fc.string({ minLength: 1 }), attributes: fc.constant({ region: text("eu") }) });
  fc.assert(
    fc.property(fc.array(content, { minLength: 1, maxLength: 5 }), (contents) => {
      const sent = sampleFailure();
      const last = contents.reduce((record, each, index) => changedContent(record, each, edit(String(index))), sent);
      expect(last).toMatchObject({ ...contents.at(-1), original: { body: sent.body, attributes: {} } });
      expect(last.changes.flatMap(({ diff }) => diff)).toEqual(contents.map((_, index) => String(index)));
      expect(last.bodyBytes).toBe(Buffer.byteLength(contents.at(-1)?.body ?? ""));
    }),
  );
});

test("a body that was in object storage stays there as the original, and no longer stands for the new one", () => {
  const bodyAt = { bucket: "archive", key: "bodies/1" };
  const after = changedContent(sampleFailure({ body: "", bodyAt }), { body: "{}", attributes: {} }, edit());
  expect(after.bodyAt).toBeUndefined();
  expect(after.original).toEqual({ body: "", bodyAt, attributes: {} });
});

test("a large body of the producer is still meant where only attributes change, and not where the body does", () => {
  const largeBody = { bucket: "producer", key: "bodies/1" };
  const before = sampleFailure({ body: "large", largeBody });
  const attributes = { region: text("us") };
  expect(changedContent(before, { body: "large", attributes }, edit()).largeBody).toEqual(largeBody);
  const after = changedContent(before, { body: "{}", attributes }, edit());
  expect([after.largeBody, after.original?.largeBody]).toEqual([undefined, largeBody]);
});

test("a new body that is in object storage is counted as it is told", () => {
  const bodyAt = { bucket: "archive", key: "bodies/2" };
  expect(changedContent(sampleFailure(), { body: "", bodyAt, attributes: {} }, edit(), 70_000)).toMatchObject({
    bodyAt,
    bodyBytes: 70_000,
  });
});
