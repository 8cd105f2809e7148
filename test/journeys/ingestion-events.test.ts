import { describe, expect, test } from "vitest";
import { DOCUMENT, useIngestionApp, WAIT } from "./ingestion-app.ts";

/** A throttle that a test can reach, and one origin whose pages may call. */
const app = useIngestionApp({ throttleRatePerSecond: 5, throttleBurst: 100, corsOrigins: ["https://shop.example"] });
const { ask, post, readOrders, readNotices } = app;

describe("an event that is posted", () => {
  test("is acknowledged with its message's id and the request's correlation id, and has its effect in the table", async () => {
    expect(await ask("/health")).toMatchObject({ status: 200, body: { status: "ok" } });
    const { status, headers, body } = await post({ orderId: "one", amount: 12.5 }, { "x-correlation-id": "c-1" });
    expect([status, body, headers.get("x-correlation-id")]).toEqual([
      202,
      { orderId: "one", messageId: expect.stringMatching(/^[0-9a-f-]{36}$/), correlationId: "c-1" },
      "c-1",
    ]);
    await expect
      .poll(async () => (await readOrders()).get("one"), WAIT)
      .toEqual({ amount: 12.5, messageId: body.messageId });
    expect(app.calls()).toBe(1);
    await expect.poll(() => readNotices("one"), WAIT).toMatchObject([{ type: "EventProcessed", correlationId: "c-1" }]);
  }, 90_000);

  test("gets the first answer when it is repeated, by its order's id or by the request's key, and has one effect", async () => {
    const event = { orderId: "repeated", amount: 1 };
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(event)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    const keyed = { "idempotency-key": "key-1" };
    const list = [{ orderId: "k-1", amount: 1 }, { orderId: "k-2", amount: 2 }, event];
    const first = await post(list, keyed);
    expect(first.body.events.map((each: { orderId: string }) => each.orderId)).toEqual(["k-1", "k-2", "repeated"]);
    expect(first.body.events[2]).toEqual(answers[0]?.body);
    expect((await post(list, keyed)).body).toEqual(first.body);
    await expect
      .poll(async () => [...(await readOrders()).keys()], WAIT)
      .toEqual(expect.arrayContaining(["k-1", "k-2", "repeated"]));
  }, 90_000);

  test("is refused where its key stands for something else, and what came with it is accepted", async () => {
    await post({ orderId: "taken", amount: 1 }, { "idempotency-key": "key-2" });
    const { status, body } = await post([
      { orderId: "taken", amount: 2 },
      { orderId: "free", amount: 2 },
    ]);
    expect([status, body.error, body.fields.map((each: { field: string }) => each.field)]).toEqual([
      422,
      "conflict",
      ["[0].orderId"],
    ]);
    expect(body.accepted).toMatchObject([{ orderId: "free" }]);
    const other = await post({ orderId: "other", amount: 1 }, { "idempotency-key": "key-2" });
    expect([other.status, other.body.fields[0].field]).toEqual([422, "Idempotency-Key"]);
  });

  test("is refused with each bad field named, of one event and of a list", async () => {
    const fieldsOf = async (body: unknown, headers = {}): Promise<unknown> => {
      const { status, body: answer } = await post(body, headers);
      return [status, (answer.fields ?? []).map((each: { field: string }) => each.field)];
    };
    expect(await fieldsOf({ amount: "much" })).toEqual([400, ["orderId", "amount"]]);
    expect(await fieldsOf([{ orderId: "a", amount: 1 }, { orderId: "" }, 7])).toEqual([
      400,
      ["[1].orderId", "[1].amount", "[2]"],
    ]);
    expect(await fieldsOf({ orderId: "x".repeat(201), amount: -1 })).toEqual([400, ["orderId", "amount"]]);
    const many = Array.from({ length: 101 }, (_, index) => ({ orderId: `many-${index}`, amount: 1 }));
    expect(await fieldsOf(many)).toEqual([400, ["body"]]);
    const keyed = { "idempotency-key": "k".repeat(201) };
    expect(await fieldsOf({ orderId: "a", amount: 1 }, keyed)).toEqual([400, ["Idempotency-Key"]]);
  });

  test("is refused over 2 MiB, where it is larger than a message, and where it is not said to be JSON", async () => {
    expect((await post({ orderId: "a", amount: 1, x: "x".repeat(2_200_000) })).status).toBe(413);
    const large = await post([{ orderId: "a", amount: 1, x: "x".repeat(1_045_000) }]);
    expect([large.status, large.body.fields]).toMatchObject([413, [{ field: "[0]" }]]);
    const text = await post({ orderId: "a", amount: 1 }, { "content-type": "text/plain" });
    expect([text.status, text.body.error]).toEqual([415, "unsupported-media-type"]);
  });
});

test("a page of an allowed origin may post, with the headers that it needs, and read its answer; another may not", async () => {
  const preflight = (origin: string): Promise<Response> =>
    fetch(app.url("/events"), {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type,idempotency-key",
      },
    });
  const { status, headers } = await preflight("https://shop.example");
  expect([status, headers.get("access-control-allow-origin")]).toEqual([204, "https://shop.example"]);
  expect(headers.get("access-control-allow-methods")?.split(",")).toEqual(["GET", "POST"]);
  expect(headers.get("access-control-allow-headers")?.split(",")).toEqual(
    expect.arrayContaining(["content-type", "idempotency-key", "x-correlation-id", "authorization"]),
  );
  expect((await preflight("https://evil.example")).headers.get("access-control-allow-origin")).toBeNull();
  const answer = await post({ orderId: "by-page", amount: 1 }, { origin: "https://shop.example" });
  expect(answer.headers.get("access-control-allow-origin")).toBe("https://shop.example");
  expect(answer.headers.get("access-control-expose-headers")).toContain("x-correlation-id");
  const refused = await post("no JSON", { origin: "https://shop.example" });
  expect([refused.status, refused.headers.get("access-control-allow-origin")]).toEqual([400, "https://shop.example"]);
});

test("over the throttle a request is answered 429", async () => {
  const answers = await Promise.all(Array.from({ length: 300 }, () => ask("/health")));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 429]));
}, 90_000);

test("every answer of all of this is as the OpenAPI document says, and each of its paths is a route of the API", async () => {
  expect(app.undocumented).toEqual([]);
  for (const [path, operations] of Object.entries(DOCUMENT.paths)) {
    for (const method of Object.keys(operations)) {
      const answer = await fetch(app.url(path), { method: method.toUpperCase() });
      expect(answer.status, `${method} ${path}`).not.toBe(404);
    }
  }
}, 90_000);
