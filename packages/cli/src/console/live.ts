import type { ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { liveReader } from "./read-live.ts";

/** How often the region is read while somebody looks, milliseconds. */
const INTERVAL_MS = 1_000;

/** How long a line stays quiet before it says that it is there, milliseconds. */
const QUIET_MS = 15_000;

/** Tells every open page what happens. */
export interface Live {
  /** Sends what changes to a page, until it goes away. */
  follow(response: ServerResponse): void;
  close(): void;
}

/** Makes the source of live facts: it reads the region only while a page is open, and sends only what has changed. */
export function createLive(endpoint: string): Live {
  const pages = new Set<ServerResponse>();
  const readFacts = liveReader(endpoint);
  let last = "";
  let sentAtMs = 0;
  let reading = false;
  const send = (text: string): void => {
    sentAtMs = Date.now();
    for (const page of pages) page.write(text);
  };
  const round = async (): Promise<void> => {
    const { atMs, ...facts } = await readFacts();
    const now = JSON.stringify(facts);
    if (now !== last) send(`data: ${JSON.stringify({ atMs, ...facts })}\n\n`);
    else if (Date.now() - sentAtMs > QUIET_MS) send(": still here\n\n");
    last = now;
  };
  const read = async (): Promise<void> => {
    reading = true;
    while (pages.size > 0) {
      await round().catch(() => {
        if (last !== "") send("event: silent\ndata: {}\n\n");
        last = "";
      });
      await wait(INTERVAL_MS, undefined, { ref: false });
    }
    reading = false;
  };
  return {
    follow(response) {
      response.writeHead(200, {
        "content-type": "text/event-stream",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
      });
      response.write("retry: 1000\n\n");
      last = "";
      pages.add(response);
      response.once("close", () => pages.delete(response));
      if (!reading) void read();
    },
    close() {
      for (const page of pages) page.end();
      pages.clear();
    },
  };
}
