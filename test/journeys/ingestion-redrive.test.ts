import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { describe, expect, test } from "vitest";
import { useIngestionApp, WAIT } from "./ingestion-app.ts";

const app = useIngestionApp();
const { ask, preview, startRedrive, postNew, missingOf, setMode, readNotices } = app;

describe("a redrive", () => {
  test("is refused to who does not sign, and names each wrong parameter", async () => {
    expect((await ask("/redrive/preview")).status).toBe(403);
    expect((await ask("/redrive/start", { method: "POST", body: "{}" })).status).toBe(403);
    const { status, body } = await preview("maxMessages=1001&minAgeSeconds=soon&mode=fast");
    expect([status, body.fields.map((each: { field: string }) => each.field).sort()]).toEqual([
      400,
      ["maxMessages", "minAgeSeconds", "mode"],
    ]);
    const wrong = await startRedrive({ perMessageDelayJitter: 901, maxMessages: 0 });
    expect(wrong.body.fields.map((each: { field: string }) => each.field)).toEqual([
      "maxMessages",
      "perMessageDelayJitter",
    ]);
  });

  test("is previewed without effect and says of each held message whether it would be sent; the filter and the least age hold", async () => {
    const { sqs, url } = app.running();
    const QueueUrl = url("ingestion-dev-events");
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{"orderId":"poison"}' }));
    const schemaErrors = "errorType=SchemaValidationError&minAgeSeconds=0";
    await expect.poll(async () => (await preview(`maxMessages=20&${schemaErrors}`)).body.found, WAIT).toBe(1);
    const { body } = await preview(`maxMessages=20&${schemaErrors}`);
    expect(body.messages).toMatchObject([{ verdict: "schema-invalid" }]);
    expect((await preview("errorType=TimeoutFailure&minAgeSeconds=0")).body.found).toBe(0);
    expect((await preview("minAgeSeconds=3600")).body.messages).toMatchObject([{ verdict: "too-young" }]);
    expect(await preview(schemaErrors)).toMatchObject({ body: { found: 1, toRedrive: 0 } });
    const started = await startRedrive({
      maxMessages: 5,
      errorType: "SchemaValidationError",
      minAgeSeconds: 0,
      perMessageDelayJitter: 1,
    });
    expect([started.status, started.body]).toMatchObject([202, { runId: expect.any(String), state: "planning" }]);
  }, 120_000);

  test("brings back by the API alone what the failure mode poison_payload killed, once that is over, and all of it has its effect", async () => {
    await setMode("poison_payload");
    const ids: string[] = [];
    const killed = "errorType=SchemaValidationError&minAgeSeconds=0";
    const isPoisoned = async (): Promise<boolean> => {
      await postNew(ids, "poison", 1);
      return (await preview(killed)).body.toRedrive > 0;
    };
    await expect.poll(isPoisoned, { timeout: 60_000, interval: 1_000 }).toBe(true);
    await setMode("none");
    expect(await readNotices()).toContainEqual(
      expect.objectContaining({ category: "VALIDATION", reliqCategory: "validation" }),
    );
    // Held longer than a worker may run, all that has no effect yet: the claims of the attempts that failed are over.
    const stillYoung = async (): Promise<number> => {
      const { toRedrive } = (await preview("maxMessages=100&errorType=SchemaValidationError&minAgeSeconds=35")).body;
      return (await missingOf(ids)()).length - toRedrive;
    };
    await expect.poll(stillYoung, { timeout: 120_000, interval: 1_000 }).toBe(0);
    const fixed = { maxMessages: 100, errorType: "SchemaValidationError", minAgeSeconds: 35, perMessageDelayJitter: 1 };
    await expect.poll(async () => (await startRedrive(fixed)).status, WAIT).toBe(202);
    await expect.poll(missingOf(ids), { timeout: 120_000, interval: 1_000 }).toEqual([]);
  }, 300_000);
});

test("every answer of all of this is as the OpenAPI document says", () => {
  expect(app.undocumented).toEqual([]);
});
