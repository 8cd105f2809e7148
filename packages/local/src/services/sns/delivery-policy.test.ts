import { expect, test } from "vitest";
import { AWS_MANAGED, effectivePolicy, type RetryPolicy, retryDelaySeconds } from "./delivery-policy.ts";

function delays(policy: RetryPolicy, count = policy.numRetries + 1): (number | undefined)[] {
  return Array.from({ length: count }, (_, retry) => retryDelaySeconds(policy, retry)).map((delay) =>
    delay === undefined ? delay : Math.round(delay * 10) / 10,
  );
}

const retries = (healthyRetryPolicy: object): RetryPolicy =>
  effectivePolicy(undefined, JSON.stringify({ healthyRetryPolicy })).healthyRetryPolicy;

// Developer guide, "Message delivery retries": the phases, and the policy of SQS and Lambda.
test("queues and functions are tried 100,015 times again, over 23 days", () => {
  const first = delays(AWS_MANAGED, 16);
  expect(first.slice(0, 6)).toEqual([0, 0, 0, 1, 1, 1]);
  expect(first.slice(14)).toEqual([20, 20]);
  expect(retryDelaySeconds(AWS_MANAGED, 100_014)).toBe(20);
  expect(retryDelaySeconds(AWS_MANAGED, 100_015)).toBeUndefined();
  expect((100_000 * 20) / 86_400).toBeGreaterThan(23);
});

// Developer guide, "Creating an HTTP/S delivery policy": three retries, 20 seconds apart, where nothing is said.
test("an HTTP endpoint has three retries, 20 seconds apart, unless a policy says otherwise", () => {
  expect(delays(effectivePolicy(undefined, undefined).healthyRetryPolicy)).toEqual([20, 20, 20, undefined]);
  const phases = { numRetries: 7, numNoDelayRetries: 1, numMinDelayRetries: 1, numMaxDelayRetries: 2 };
  const policy = { ...phases, minDelayTarget: 1, maxDelayTarget: 9 };
  expect(delays(retries(policy))).toEqual([0, 1, 1, 5, 9, 9, 9, undefined]);
  expect(delays(retries({ ...policy, backoffFunction: "arithmetic" }))[3]).toBe(3);
  expect(delays(retries({ ...policy, backoffFunction: "geometric" }))[3]).toBe(3);
  expect(delays(retries({ ...policy, backoffFunction: "exponential" }))[3]).toBe(1.7);
});

// Developer guide, "Creating an HTTP/S delivery policy": disableSubscriptionOverrides.
test("a subscription's policy comes before its topic's, unless the topic forbids it", () => {
  const topic = (disableSubscriptionOverrides: boolean) =>
    JSON.stringify({ http: { defaultHealthyRetryPolicy: { numRetries: 5 }, disableSubscriptionOverrides } });
  const own = JSON.stringify({
    healthyRetryPolicy: { numRetries: 9 },
    requestPolicy: { headerContentType: "application/json" },
  });
  expect(effectivePolicy(topic(false), own)).toMatchObject({
    healthyRetryPolicy: { numRetries: 9 },
    contentType: "application/json",
  });
  expect(effectivePolicy(topic(true), own)).toMatchObject({
    healthyRetryPolicy: { numRetries: 5 },
    contentType: "text/plain; charset=UTF-8",
  });
});
