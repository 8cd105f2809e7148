import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "../kernel/clock.ts";
import type { Members, World } from "../kernel/service.ts";
import { ServiceError } from "../kernel/service-error.ts";
import { createServiceMetrics } from "../kernel/service-metrics.ts";
import { openStore, type Store } from "../kernel/store.ts";
import { createTraces } from "../kernel/traces.ts";
import { afterFailure } from "./deliver.ts";
import type { Fire, Target } from "./schedule.ts";
import { createTimetable, type Timetable } from "./timetable.ts";

const OWNER = { name: "events", source: "aws.events", arnAttribute: "RULE_ARN" } as const;
const TARGET: Target = { arn: "arn:aws:sns:us-east-1:1:told", mostRetries: 185, longestAgeSeconds: 86_400 };
const BUSY = new ServiceError("ServiceUnavailable", "busy", { status: 503 });

let directory: string;
let store: Store;
let timetable: Timetable | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "reliq-retries-"));
  store = openStore(directory);
});
afterEach(async () => {
  await timetable?.stop();
  store.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Starts the timetable of a region whose other services answer as a test says. */
function start(call: (service: string, action: string, input: Members) => Members): Timetable {
  const world: World = {
    store,
    clock: systemClock(),
    metrics: createServiceMetrics(systemClock()),
    traces: createTraces(systemClock()),
    accountId: "1",
    region: "us-east-1",
    peers: {},
    endpoint: () => "",
    call: async (service, action, input) => call(service, action, input),
    report: () => {},
  };
  timetable = createTimetable(world, OWNER);
  timetable.start();
  return timetable;
}

const send = (to: Timetable, target: Target): Promise<void> =>
  to.send(() => [{ scheduleArn: "arn:rule", scheduledAt: Date.now(), target, payload: '{"n":1}' }]);

test("a target that is not to be had for a while gets the event later, also after a restart", async () => {
  let calls = 0;
  const first = start(() => {
    calls += 1;
    throw BUSY;
  });
  await send(first, TARGET);
  await vi.waitFor(() => expect(calls).toBe(1), { timeout: 10_000 });
  await first.stop();
  const got: unknown[] = [];
  start((_service, _action, { Message }) => {
    got.push(Message);
    return {};
  });
  await vi.waitFor(() => expect(got).toEqual(['{"n":1}']), { timeout: 10_000 });
});

test("an event whose retries are used up is in the dead-letter queue, with their number", async () => {
  const letters: Members[] = [];
  const busy = start((service, action, input) => {
    if (service !== "sqs") throw BUSY;
    if (action === "SendMessage") letters.push(input);
    return { QueueUrl: "dead" };
  });
  await send(busy, { ...TARGET, mostRetries: 1, deadLetterArn: "arn:aws:sqs:us-east-1:1:dead" });
  await vi.waitFor(() => expect(letters).toHaveLength(1), { timeout: 10_000 });
  expect(letters[0]).toMatchObject({
    MessageBody: '{"n":1}',
    MessageAttributes: {
      ERROR_CODE: { StringValue: "ERROR_FROM_TARGET" },
      EXHAUSTED_RETRY_CONDITION: { StringValue: "MaximumRetryAttempts" },
      RETRY_ATTEMPTS: { StringValue: "1" },
    },
  });
});

test("an event is tried again within its retries and its age, later each time, and never after a lasting refusal", () => {
  const fires = fc.record({
    attempts: fc.nat(200),
    mostRetries: fc.nat(185),
    longestAgeSeconds: fc.integer({ min: 60, max: 86_400 }),
    ageMs: fc.nat(90_000_000),
  });
  fc.assert(
    fc.property(fires, ({ attempts, mostRetries, longestAgeSeconds, ageMs }) => {
      const target = { ...TARGET, mostRetries, longestAgeSeconds };
      const fire: Fire = { seq: 1, scheduleArn: "arn:rule", scheduledAt: 0, target, payload: "", attempts };
      const next = afterFailure(fire, BUSY, ageMs);
      if (next.kind === "again") {
        expect(attempts).toBeLessThan(mostRetries);
        expect(next.dueAt).toBeGreaterThanOrEqual(ageMs + 1_000);
        expect(next.dueAt).toBeLessThanOrEqual(longestAgeSeconds * 1_000);
      } else {
        expect(next.condition).toBe(attempts >= mostRetries ? "MaximumRetryAttempts" : "MaximumEventAgeInSeconds");
      }
      expect(afterFailure(fire, new ServiceError("NotFound", "gone", { status: 404 }), ageMs)).toEqual({
        kind: "over",
      });
    }),
  );
});
