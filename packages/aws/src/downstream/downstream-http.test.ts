import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Deferral, DependencyFailure, TimeoutFailure } from "@reliq/core";
import { expect, onTestFinished, test } from "vitest";
import { downstream } from "./downstream.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A service on a real socket; how it answers may change. */
async function service(
  answer: Answer,
): Promise<{ readonly url: string; readonly set: (next: Answer) => void; readonly calls: () => number }> {
  let current = answer;
  let calls = 0;
  const server = createServer((request, response) => {
    calls++;
    current(request, response);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    set: (next) => {
      current = next;
    },
    calls: () => calls,
  };
}

const hang: Answer = () => {};
const reset: Answer = (request) => void request.socket.resetAndDestroy();
const unavailable: Answer = (_, response) => void response.writeHead(503).end();
const fine: Answer = (_, response) => void response.end("ok");

const get =
  (url: string) =>
  async ({ signal }: { signal: AbortSignal }): Promise<string> => {
    const response = await fetch(url, { signal });
    if (!response.ok) throw Object.assign(new Error(`${url} answered ${response.status}`), { status: response.status });
    return response.text();
  };

test("a service that hangs is left, and its socket closed", async () => {
  let closed = false;
  const { url } = await service((request) => {
    request.socket.on("close", () => {
      closed = true;
    });
  });
  await expect(downstream("payments", { timeoutSeconds: 0.1 }).call(get(url))).rejects.toBeInstanceOf(TimeoutFailure);
  await expect.poll(() => closed).toBe(true);
});

test.each([
  ["resets", reset],
  ["answers 503", unavailable],
])("a service that %s is tried again, and is a failure of the dependency then", async (_, answer) => {
  const { url, calls } = await service(answer);
  const retry = { retries: 2, baseSeconds: 0.001 };
  await expect(downstream("payments", { retry }).call(get(url))).rejects.toBeInstanceOf(DependencyFailure);
  expect(calls()).toBe(3);
});

test("nobody at the port is a failure of the dependency", async () => {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  const call = downstream("payments").call(get(`http://127.0.0.1:${port}`));
  await expect(call).rejects.toBeInstanceOf(DependencyFailure);
});

test("a breaker spares a service in trouble, and finds out when it is back", async () => {
  const { url, set, calls } = await service(unavailable);
  const payments = downstream("payments", { breaker: { consecutiveFailures: 2, openSeconds: 0.2 } });
  for (let each = 0; each < 2; each++) await expect(payments.call(get(url))).rejects.toBeInstanceOf(DependencyFailure);
  await expect(payments.call(get(url))).rejects.toBeInstanceOf(Deferral);
  expect(calls()).toBe(2);
  set(fine);
  await expect.poll(payments.isOpen).toBe(false);
  expect(await payments.call(get(url))).toBe("ok");
  expect(payments.state()).toBe("closed");
});

test("a hanging service is called no more once the breaker has opened", async () => {
  const { url, calls } = await service(hang);
  const payments = downstream("payments", { timeoutSeconds: 0.05, breaker: { consecutiveFailures: 3 } });
  const ends = await Promise.allSettled(Array.from({ length: 3 }, () => payments.call(get(url))));
  expect(ends.map(({ status }) => status)).toEqual(Array(3).fill("rejected"));
  const deferred = await Promise.allSettled(Array.from({ length: 50 }, () => payments.call(get(url))));
  for (const end of deferred) expect(end).toMatchObject({ reason: expect.any(Deferral) });
  expect(calls()).toBeLessThanOrEqual(3);
});
