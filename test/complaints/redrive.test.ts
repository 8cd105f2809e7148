import { editMessage, startRedrive } from "@reliq/core/recovery";
import { sampleSchema } from "@reliq/core/testing";
import { expect, test } from "vitest";
import { heldMessages, redriveTrial } from "../../packages/aws/test/redrive-trial.ts";

// What users of such tools complain about, as far as a redrive can do something about it.

const PATIENCE = { timeout: 60_000, interval: 200 };

test("complaint 2: a bulk redrive keeps the order of each message group", async () => {
  const { ports, store, processed, put } = await redriveTrial({ fifo: true });
  const failures = heldMessages(["a0", "a1", "b0", "a2", "b1"], (number) => ({
    queue: "orders.fifo",
    groupId: [0, 1, 3].includes(number) ? "a" : "b",
    sequenceNumber: String(number).padStart(20, "0"),
  }));
  await put(failures.toReversed());
  const { id } = await startRedrive({ queue: "orders.fifo" }, { ramp: [5] }, "ann", ports);
  await expect.poll(async () => (await store.run(id))?.state, PATIENCE).toBe("done");
  expect(processed.filter((body) => String(body).startsWith("a"))).toEqual(["a0", "a1", "a2"]);
  expect(processed.filter((body) => String(body).startsWith("b"))).toEqual(["b0", "b1"]);
}, 90_000);

test("complaint 4: a redrive is a ramp with a rate, and waits for outcomes before it sends more", async () => {
  const { ports, store, processed, put } = await redriveTrial();
  await put(heldMessages([0, 1, 2, 3, 4, 5]));
  const { id } = await startRedrive({ queue: "orders" }, { ramp: [1, 5], ratePerSecond: 5 }, "ann", ports);
  await expect.poll(async () => (await store.run(id))?.state, PATIENCE).toBe("done");
  expect(processed).toHaveLength(6);
  const steps = (await store.entries(id, 0)).map(({ step }) => step);
  expect(steps).toEqual([0, 1, 1, 1, 1, 1]);
}, 90_000);

test("complaint 8: a message that is redriven twice within the deduplication interval is not swallowed", async () => {
  let isDown = true;
  const handle = (): void => {
    if (isDown) throw new Error("it is down");
  };
  const { ports, store, processed, put } = await redriveTrial({ fifo: true, handle });
  const [failure] = heldMessages(["again"], () => ({
    queue: "orders.fifo",
    groupId: "g",
    sequenceNumber: "1".padStart(20, "0"),
  }));
  if (failure) await put([failure]);
  const first = await startRedrive({ queue: "orders.fifo" }, {}, "ann", ports);
  await expect.poll(async () => (await store.run(first.id))?.state, PATIENCE).toBe("stopped");
  isDown = false;
  const second = await startRedrive({ queue: "orders.fifo" }, {}, "ann", ports);
  await expect.poll(async () => (await store.run(second.id))?.state, PATIENCE).toBe("done");
  expect(processed).toEqual(["again"]);
}, 90_000);

test("complaint 11: of an edited message one copy is sent, with the edit, and its end is seen", async () => {
  const schema = sampleSchema((value) => (Number(value) > 0 ? { value } : { issues: [{ message: "must be over 0" }] }));
  const { ports, store, processed, put } = await redriveTrial({ queueSchema: { schema } });
  await put(heldMessages([-5]));
  const edit = (body: string): Promise<unknown> => editMessage("orders:m-0", { body, send: true }, "ann", ports);
  await expect(edit("-6")).rejects.toMatchObject({ code: "edit-invalid" });
  await edit("5");
  await expect.poll(async () => (await store.failures(["orders:m-0"]))[0]?.state, PATIENCE).toBe("resolved");
  expect(processed).toEqual([5]);
  const [record] = await store.failures(["orders:m-0"]);
  expect(record).toMatchObject({
    body: "5",
    original: { body: "-5" },
    sends: 1,
    changes: [{ kind: "edit", by: "ann" }],
  });
  await expect(edit("6")).rejects.toMatchObject({ code: "failure-state" });
}, 90_000);
