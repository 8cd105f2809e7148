import type { StandardSchemaV1 } from "@standard-schema/spec";
import { expect, test } from "vitest";
import { sampleFailure } from "../../testing/failure-samples.ts";
import { type RedriveWorld, redriveWorld } from "../../testing/redrive-world.ts";
import { redacted } from "../redact/redacted.ts";
import { editMessage } from "./edit-message.ts";

const schema: StandardSchemaV1<unknown, unknown> = {
  "~standard": {
    version: 1,
    vendor: "test",
    validate: (value) =>
      typeof (value as { amount?: unknown }).amount === "number"
        ? { value }
        : { issues: [{ message: "it takes a number", path: ["amount"] }] },
  },
};

const HELD = sampleFailure({ body: '{"amount":-5,"email":"a@example.com"}' });
const region = { region: { dataType: "String", stringValue: "eu" } };

async function held(failure = HELD): Promise<RedriveWorld> {
  const world = redriveWorld(() => "processed");
  await world.put([failure]);
  const schemas = () => ({ schema, personalFields: redacted(["email"]) });
  return { ...world, ports: { ...world.ports, schemas } };
}

test("a changed body keeps what was sent, says what differs without personal values, and who changed it", async () => {
  const { ports, store } = await held();
  const body = '{"amount":5,"email":"b@example.com"}';
  const { failure, diff, sent } = await editMessage(HELD.id, { body }, "ann", ports);
  expect(diff).toEqual(["amount: -5 → 5", 'email: "[redacted]" → "[redacted]"']);
  expect([sent, failure.version]).toEqual([false, 2]);
  expect((await store.failures([HELD.id]))[0]).toMatchObject({
    body,
    state: "held",
    original: { body: HELD.body },
    changes: [{ kind: "edit", by: "ann", diff }],
  });
  expect((await store.audit("orders", 1)).at(-1)).toMatchObject({ by: "ann", action: "edited", details: { diff } });
});

test("attributes alone can be changed, and an edit that changes nothing leaves no trace", async () => {
  const { ports, store } = await held();
  const { diff } = await editMessage(HELD.id, { attributes: region }, "ann", ports);
  expect(diff).toEqual(['attribute.region: (none) → "String eu"']);
  const { head } = { head: await store.auditHead("orders") };
  expect(await editMessage(HELD.id, { attributes: region }, "bob", ports)).toMatchObject({ diff: [], sent: false });
  expect(await store.auditHead("orders")).toEqual(head);
});

test("with `send` the edited message is on its way, as edited and once", async () => {
  const world = await held();
  expect(await editMessage(HELD.id, { body: '{"amount":5}', send: true }, "ann", world.ports)).toMatchObject({
    sent: true,
  });
  await world.settle();
  expect(world.sent.map(({ body }) => body)).toEqual(['{"amount":5}']);
  expect((await world.store.failures([HELD.id]))[0]).toMatchObject({ state: "resolved", via: "edit" });
});

test("a body over what the table holds is put into object storage, and its size is the whole body's", async () => {
  const { ports, store } = await held();
  const body = JSON.stringify({ amount: 5, note: "x".repeat(40_000) });
  await editMessage(HELD.id, { body }, "ann", ports);
  const [record] = await store.failures([HELD.id]);
  expect(record).toMatchObject({ body: "", bodyAt: expect.anything(), bodyBytes: Buffer.byteLength(body) });
});

test.each([
  ["what its consumer would refuse", { body: '{"amount":"5"}' }, "edit-invalid", "amount (it takes a number)"],
  ["a version that somebody changed", { body: '{"amount":5}', version: 9 }, "failure-changed", "look again"],
])("%s is refused, and nothing is changed", async (_, edit, code, message) => {
  const { ports, store } = await held();
  await expect(editMessage(HELD.id, edit, "ann", ports)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(message),
  });
  expect((await store.failures([HELD.id]))[0]).toEqual(HELD);
});

test("what is not held, and what is not there, cannot be changed", async () => {
  const { ports } = await held(sampleFailure({ state: "requeued" }));
  await expect(editMessage(HELD.id, { body: "{}" }, "ann", ports)).rejects.toMatchObject({ code: "failure-state" });
  await expect(editMessage("orders:none", { body: "{}" }, "ann", ports)).rejects.toMatchObject({
    code: "failure-unknown",
  });
});

test("of two who change a message at once one wins, and the other is told", async () => {
  const { ports, store } = await held();
  const edits = [1, 2].map((amount) => editMessage(HELD.id, { body: JSON.stringify({ amount }) }, "ann", ports));
  const ends = await Promise.allSettled(edits);
  expect(ends.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  expect(ends.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "failure-changed" } });
  expect((await store.failures([HELD.id]))[0]?.changes).toHaveLength(1);
});
