import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { CreateQueueCommand, GetQueueUrlCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, onTestFinished, test } from "vitest";
import { localRegion } from "../test/region.ts";
import { wholeAnswers } from "./whole-answers.ts";

/** A client of a server that answers so. */
async function clientOf(listener: RequestListener, idleMs?: number): Promise<SQSClient> {
  const server = createServer(listener);
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => server.closeAllConnections());
  onTestFinished(() => void server.close());
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const requestHandler = wholeAnswers();
  const credentials = { accessKeyId: "x", secretAccessKey: "x" };
  const client = new SQSClient({ endpoint, region: "us-east-1", credentials, requestHandler });
  if (idleMs !== undefined) requestHandler.updateHttpClientConfig(Symbol.for("@smithy/defaultSocketTimeout"), idleMs);
  onTestFinished(() => client.destroy());
  return client;
}

const ask = new GetQueueUrlCommand({ QueueName: "q" });

test("a client asks and is answered by it, refusals included, over connections that are kept", async () => {
  const client = new SQSClient({ ...(await localRegion()), requestHandler: wholeAnswers() });
  const { QueueUrl = "" } = await client.send(new CreateQueueCommand({ QueueName: "whole" }));
  const urls = Array.from({ length: 100 }, () => client.send(new GetQueueUrlCommand({ QueueName: "whole" })));
  expect(new Set((await Promise.all(urls)).map((each) => each.QueueUrl))).toEqual(new Set([QueueUrl]));
  await expect(client.send(new GetQueueUrlCommand({ QueueName: "none" }))).rejects.toMatchObject({
    name: "QueueDoesNotExist",
    $metadata: { httpStatusCode: 400 },
  });
  client.destroy();
});

test("an answer that comes in parts is one", async () => {
  const parts = ['{"QueueUrl":"', "x".repeat(300_000), '"}'];
  const client = await clientOf(async (_, answer) => {
    for (const part of parts) {
      answer.write(part);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    answer.end();
  });
  expect((await client.send(ask)).QueueUrl).toHaveLength(300_000);
});

test("a connection that is cut in the middle of an answer is tried again", async () => {
  let asked = 0;
  const client = await clientOf((_, answer) => {
    asked++;
    if (asked > 1) return answer.end('{"QueueUrl":"there"}');
    answer.writeHead(200, { "content-length": 100 }).write('{"Queue');
    return setTimeout(() => answer.destroy(), 20);
  });
  expect((await client.send(ask)).QueueUrl).toBe("there");
  expect(asked).toBe(2);
});

test("a request that is aborted ends at once, and one whose signal was aborted before is not sent", async () => {
  let asked = 0;
  const client = await clientOf(() => {
    asked++;
  });
  const abort = new AbortController();
  const receiving = client.send(new ReceiveMessageCommand({ QueueUrl: "http://x/q" }), { abortSignal: abort.signal });
  await expect.poll(() => asked).toBe(1);
  abort.abort();
  await expect(receiving).rejects.toMatchObject({ name: "AbortError" });
  await expect(client.send(ask, { abortSignal: abort.signal })).rejects.toMatchObject({ name: "AbortError" });
  expect(asked).toBe(1);
});

test("a service that says nothing for as long as it may is asked again, and is a TimeoutError in the end", async () => {
  let asked = 0;
  const client = await clientOf(() => {
    asked++;
  }, 50);
  await expect(client.send(ask)).rejects.toMatchObject({ name: "TimeoutError" });
  expect(asked).toBeGreaterThan(1);
});

test("what a request asks in its query is written as it is signed", async () => {
  let url: string | undefined;
  const client = await clientOf((request, answer) => {
    url = request.url;
    answer.end("{}");
  });
  const requestHandler: unknown = client.config.requestHandler;
  const at = await client.config.endpoint?.();
  await (requestHandler as ReturnType<typeof wholeAnswers>).handle({
    protocol: "http:",
    hostname: at?.hostname ?? "",
    port: at?.port,
    method: "GET",
    path: "/things",
    query: { name: "a b", list: ["1", "2"], flag: null, "odd!": "'" },
    headers: {},
  });
  expect(url).toBe("/things?name=a%20b&list=1&list=2&flag&odd%21=%27");
});
