import { randomUUID } from "node:crypto";
import { expect, test, vi } from "vitest";
import { timeLimit } from "../time-limit.ts";
import { portsFromEnvironment } from "./ports-from-environment.ts";

const ENVIRONMENT = { RELIQ_JOURNAL_TABLE: "journal", RELIQ_QUEUE_URL: "http://q", RELIQ_MAX_RECEIVE_COUNT: "3" };

test("the environment that the Consumer construct sets makes the ports", () => {
  expect(portsFromEnvironment(ENVIRONMENT)).toEqual({
    effects: { commit: expect.any(Function) },
    groups: { attempt: expect.any(Function) },
    journal: expect.objectContaining({ claim: expect.any(Function) }),
    visibility: { change: expect.any(Function) },
    maxReceiveCount: 3,
    log: expect.any(Function),
    now: Date.now,
    random: Math.random,
    timeLimit,
    newToken: randomUUID,
  });
  expect(portsFromEnvironment({ ...ENVIRONMENT, RELIQ_DEAD_LETTER_QUEUE_URL: "http://q" })).toHaveProperty(
    "deadLetters",
  );
  expect(portsFromEnvironment({ ...ENVIRONMENT, RELIQ_LARGE_BODIES_BUCKET: "mine" })).toHaveProperty("bodies");
});

test.each([
  ["RELIQ_JOURNAL_TABLE", undefined, "is not set; it takes the name of the journal's table"],
  ["RELIQ_JOURNAL_TABLE", "", 'is ""; it takes the name of the journal\'s table'],
  ["RELIQ_QUEUE_URL", undefined, "is not set; it takes the URL of the queue that the function consumes"],
  ["RELIQ_MAX_RECEIVE_COUNT", undefined, "is not set; it takes the queue's maxReceiveCount, 1 to 1000"],
  ["RELIQ_MAX_RECEIVE_COUNT", "0", 'is "0"; it takes the queue\'s maxReceiveCount, 1 to 1000'],
  ["RELIQ_MAX_RECEIVE_COUNT", "1001", 'is "1001"; it takes the queue\'s maxReceiveCount, 1 to 1000'],
  ["RELIQ_LARGE_BODIES_BUCKET", "", 'is ""; it takes the name of a bucket'],
  ["RELIQ_MAX_RECEIVE_COUNT", "two", 'is "two"; it takes the queue\'s maxReceiveCount, 1 to 1000'],
])("%s = %j is refused by name", (variable, value, refusal) => {
  expect(() => portsFromEnvironment({ ...ENVIRONMENT, [variable]: value })).toThrow(
    expect.objectContaining({
      code: "environment",
      message: `The environment variable ${variable} ${refusal}. The Consumer construct sets it.`,
    }),
  );
});

test("bodies are read from the bucket of the environment, and a pointer to another is refused", async () => {
  const { bodies } = portsFromEnvironment({ ...ENVIRONMENT, RELIQ_LARGE_BODIES_BUCKET: "mine" });
  await expect(bodies?.get("theirs", "k")).rejects.toMatchObject({ category: "permanent" });
});

test("a log line is one line of JSON with its time, and lines of one turn are one write", async () => {
  const written = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const { log } = portsFromEnvironment(ENVIRONMENT);
  log({ level: "error", event: "attempt-failed", message: "two\nlines" });
  log({ level: "info", event: "message-deferred" });
  await new Promise(setImmediate);
  const writes = written.mock.calls.map(([text]) => String(text));
  written.mockRestore();
  expect(writes).toHaveLength(1);
  const [first = "", second = "", rest] = writes.join("").split("\n");
  expect(rest).toBe("");
  expect(JSON.parse(first)).toEqual({
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    level: "error",
    event: "attempt-failed",
    message: "two\nlines",
  });
  expect(JSON.parse(second)).toMatchObject({ event: "message-deferred" });
});
