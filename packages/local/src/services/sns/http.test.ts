import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ListSubscriptionsByTopicCommand } from "@aws-sdk/client-sns";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createTestClock, type TestClock } from "../sqs/fixture.ts";
import {
  arnOf,
  newQueue,
  newTopic,
  openRegion,
  publish,
  receive,
  refusal,
  subscribe,
  type TestRegion,
} from "./fixture.ts";

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly at: number;
}

let region: TestRegion;
let clock: TestClock;
let server: Server;
let received: Received[];
let statuses: number[];
let url: string;

beforeEach(async () => {
  clock = createTestClock();
  region = await openRegion({ clock });
  received = [];
  statuses = [];
  server = createServer(async (request, response) => {
    const chunks = await request.toArray();
    received.push({ headers: request.headers, body: Buffer.concat(chunks).toString(), at: clock.now() });
    response.writeHead(statuses.shift() ?? 200).end("answer");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
});
afterEach(async () => {
  await region.close();
  server.closeAllConnections();
  server.close();
});

/** Waits for that many requests while the region's time goes on, a second at a time. */
async function requests(count: number): Promise<Received[]> {
  await vi.waitUntil(() => received.length >= count || clock.advance(1), { timeout: 30_000, interval: 10 });
  return received;
}

/** A topic with the confirmed subscription of the test's server. */
async function subscribed(attributes: Record<string, string> = {}): Promise<string> {
  const topic = await newTopic(region);
  await subscribe(region, topic, "http", url, attributes);
  const [request] = await requests(1);
  expect((await fetch(JSON.parse(request?.body ?? "").SubscribeURL)).status).toBe(200);
  received.length = 0;
  return topic;
}

// Developer guide, "Fanout to HTTP/S endpoints": the confirmation, its headers, and what comes before it.
test("an endpoint is asked to confirm, and gets nothing until it has", async () => {
  const topic = await newTopic(region);
  expect(await subscribe(region, topic, "http", url)).toBe("pending confirmation");
  await publish(region, topic, "too early");
  const [request] = await requests(1);
  expect(request?.headers).toMatchObject({
    "content-type": "text/plain; charset=UTF-8",
    "user-agent": "Amazon Simple Notification Service Agent",
    "x-amz-sns-message-type": "SubscriptionConfirmation",
    "x-amz-sns-topic-arn": topic,
  });
  const question = JSON.parse(request?.body ?? "");
  expect(question).toMatchObject({ Type: "SubscriptionConfirmation", TopicArn: topic, Token: expect.any(String) });
  const { Subscriptions } = await region.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topic }));
  expect(Subscriptions?.[0]?.SubscriptionArn).toBe("PendingConfirmation");

  const answer = await (await fetch(question.SubscribeURL)).text();
  const arn = /<SubscriptionArn>(.*)<\/SubscriptionArn>/.exec(answer)?.[1];
  expect(arn).toMatch(topic);
  const MessageId = await publish(region, topic, "hello", { Subject: "Greeting" });
  const [, message] = await requests(2);
  expect(message?.headers).toMatchObject({
    "x-amz-sns-message-type": "Notification",
    "x-amz-sns-message-id": MessageId,
    "x-amz-sns-subscription-arn": arn,
  });
  expect(JSON.parse(message?.body ?? "")).toMatchObject({
    Type: "Notification",
    MessageId,
    Subject: "Greeting",
    Message: "hello",
  });
});

// Developer guide, "Raw message delivery", HTTP/S; "Creating an HTTP/S delivery policy", headerContentType.
test("raw, an endpoint gets the text alone, of the content type that it asked for", async () => {
  const DeliveryPolicy = JSON.stringify({ requestPolicy: { headerContentType: "application/json" } });
  const topic = await subscribed({ RawMessageDelivery: "true", DeliveryPolicy });
  await publish(region, topic, '{"a":1}');
  const [request] = await requests(1);
  expect(request?.body).toBe('{"a":1}');
  expect(request?.headers).toMatchObject({ "content-type": "application/json", "x-amz-sns-rawdelivery": "true" });
});

// Developer guide, "Message delivery retries".
test("what fails is tried again by the policy, in the region's time, and once more after a restart", async () => {
  const healthyRetryPolicy = { numRetries: 3, minDelayTarget: 100, maxDelayTarget: 300, backoffFunction: "linear" };
  const topic = await subscribed({ DeliveryPolicy: JSON.stringify({ healthyRetryPolicy }) });
  statuses = [500, 429, 503];
  const timers = vi.spyOn(clock, "at");
  await publish(region, topic, "hello");
  const second = (await requests(2))[1]?.at ?? 0;
  // A region that stops before it has noted the failure would deliver again at once, as it may.
  await vi.waitUntil(() => timers.mock.calls.some(([at]) => at >= second + 200_000 && at < second + 300_000), {
    timeout: 20_000,
  });
  region = await region.restart();
  const times = (await requests(4)).map(({ at }) => at);
  const gaps = times.slice(1).map((at, index) => (at - (times[index] ?? 0)) / 1_000);
  for (const [index, delay] of [100, 200, 300].entries()) expect(gaps[index]).toBeGreaterThanOrEqual(delay);
  expect(new Set(received.map(({ headers }) => headers["x-amz-sns-message-id"])).size).toBe(1);
});

// Developer guide, "Dead-letter queues": after the retries for a server's error, at once for a client's.
test("what cannot be delivered goes to the dead-letter queue, or is reported as lost", async () => {
  const dead = await newQueue(region);
  const topic = await subscribed({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf("sqs", dead) }) });
  const lost = await newTopic(region);
  await subscribe(region, lost, "sqs", arnOf("sqs", "not-there"));
  statuses = [500, 500, 500, 500, 404];
  await publish(region, topic, "always 500");
  await requests(4);
  const [first] = await receive(region, dead);
  expect(JSON.parse(first?.Body ?? "")).toMatchObject({ Type: "Notification", Message: "always 500", TopicArn: topic });
  await publish(region, topic, "404");
  const [second] = await receive(region, dead);
  expect(JSON.parse(second?.Body ?? "")).toMatchObject({ Message: "404" });
  expect(received).toHaveLength(5);
  const messageId = await publish(region, lost, "-");
  await vi.waitUntil(() => region.reports.some((line) => line.includes(messageId) && line.includes("not-there")), {
    timeout: 20_000,
  });
});

test("a slow endpoint holds up no other, and a region that stops does not wait for it", async () => {
  const slow = createServer(() => {}).listen(0, "127.0.0.1");
  await once(slow, "listening");
  const topic = await subscribed();
  const { port } = slow.address() as AddressInfo;
  await subscribe(region, topic, "http", `http://127.0.0.1:${port}/`);
  await publish(region, topic, "hello");
  await requests(1);
  const began = performance.now();
  await region.region.stop();
  expect(performance.now() - began).toBeLessThan(10_000);
  slow.closeAllConnections();
  slow.close();
});

// Developer guide, "Confirm the subscription": within two days.
test("a token is of no use after two days, nor for another topic", async () => {
  const topic = await newTopic(region);
  const other = await newTopic(region);
  await subscribe(region, topic, "http", url);
  const [request] = await requests(1);
  const { SubscribeURL } = JSON.parse(request?.body ?? "");
  const misled = SubscribeURL.replace(encodeURIComponent(topic), encodeURIComponent(other));
  expect((await fetch(misled)).status).toBe(400);
  clock.advance(172_801);
  expect((await fetch(SubscribeURL)).status).toBe(400);
  await expect(subscribe(region, topic, "https", "http://127.0.0.1")).rejects.toMatchObject(
    refusal("InvalidParameterException"),
  );
});
