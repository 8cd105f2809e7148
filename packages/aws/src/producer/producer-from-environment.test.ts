import { expect, test } from "vitest";
import { producerFromEnvironment } from "./producer-from-environment.ts";

test("the queue of the environment is sent to, unless the options name another", () => {
  const environment = { RELIQ_QUEUE_URL: "http://queue" };
  expect(producerFromEnvironment({}, environment).queueUrl).toBe("http://queue");
  expect(producerFromEnvironment({ queueUrl: "http://other" }, environment).queueUrl).toBe("http://other");
});

test.each([undefined, ""])("a queue %j is refused by the variable's name", (RELIQ_QUEUE_URL) => {
  const is = RELIQ_QUEUE_URL === undefined ? "is not set" : 'is ""';
  expect(() => producerFromEnvironment({}, { RELIQ_QUEUE_URL })).toThrow(
    `The environment variable RELIQ_QUEUE_URL ${is}; it takes the URL of the queue to send to. The Outbox construct sets it.`,
  );
});
