import { expect, test } from "vitest";
import { useIngestionApp, WAIT } from "./ingestion-app.ts";
import { JSON_BODIES } from "./json-bodies.ts";

const app = useIngestionApp();

test.each(JSON_BODIES)(
  "a body with $name is refused with a reason, or accepted as it is",
  async ({ body, orderId }) => {
    const answer = await app.post(body);
    if (orderId === undefined) {
      expect([answer.status, answer.body.error]).toEqual([400, "invalid"]);
      expect(answer.body.fields).not.toEqual([]);
      for (const each of answer.body.fields)
        expect(each).toEqual({ field: expect.any(String), reason: expect.any(String) });
    } else {
      expect(answer.status).toBe(202);
      expect((answer.body.events?.[0] ?? answer.body).orderId).toBe(orderId);
    }
  },
);

test("bytes that are no UTF-8 are refused where no content type says that they are text", async () => {
  const answer = await fetch(app.url("/events"), { method: "POST", body: new Uint8Array([0x22, 0xff, 0x22]) });
  expect([answer.status, ((await answer.json()) as { fields: unknown }).fields]).toEqual([
    400,
    [{ field: "body", reason: "is no UTF-8" }],
  ]);
});

test("all that was accepted has its effect, and nothing that was refused has one", async () => {
  const accepted = JSON_BODIES.flatMap(({ orderId }) => (orderId === undefined ? [] : [orderId]));
  await expect.poll(app.missingOf(accepted), WAIT).toEqual([]);
  expect([...(await app.readOrders()).keys()].toSorted()).toEqual(accepted.toSorted());
  expect(app.undocumented).toEqual([]);
}, 90_000);
