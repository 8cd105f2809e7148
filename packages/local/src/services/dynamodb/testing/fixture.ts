import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import type { Clock } from "../../../kernel/clock.ts";
import { systemClock } from "../../../kernel/clock.ts";
import { type Region, startRegion } from "../../../region.ts";

/** A region of a test's own, with a client of the real SDK on its socket. */
export interface TestRegion {
  readonly client: DynamoDB;
  readonly region: Region;
  /** Stops the region and starts it again on the same state. */
  restart(): Promise<TestRegion>;
  close(): Promise<void>;
}

/** Starts a region on a new state, or on the one of a region that stopped. */
export async function openRegion(
  clock: Clock = systemClock(),
  directory: string = mkdtempSync(join(tmpdir(), "reliq-dynamodb-")),
): Promise<TestRegion> {
  const region = await startRegion({ stateDirectory: directory, port: 0, clock });
  const client = new DynamoDB({
    endpoint: region.endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
  });
  const stop = async (): Promise<void> => {
    client.destroy();
    await region.stop();
  };
  return {
    client,
    region,
    restart: async () => {
      await stop();
      return openRegion(clock, directory);
    },
    close: async () => {
      await stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A table with the hash key `pk` and the range key `sk`, of these types; without `sk` where its type is missing. */
export async function newTable(
  { client }: TestRegion,
  name: string,
  [pk, sk]: readonly ["S" | "N" | "B", ("S" | "N" | "B")?] = ["S"],
): Promise<void> {
  await client.createTable({
    TableName: name,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [
      { AttributeName: "pk", AttributeType: pk },
      ...(sk ? [{ AttributeName: "sk", AttributeType: sk }] : []),
    ],
    KeySchema: [
      { AttributeName: "pk", KeyType: "HASH" },
      ...(sk ? [{ AttributeName: "sk", KeyType: "RANGE" as const }] : []),
    ],
  });
}

/** A clock that moves when a test says so; timers fire in their order. */
export interface TestClock extends Clock {
  advance(seconds: number): void;
}

/** A clock that stands still, from now on. */
export function createTestClock(): TestClock {
  let nowMs = Date.now();
  const timers = new Set<{ atMs: number; work: () => void }>();
  return {
    now: () => nowMs,
    at: (atMs, work) => {
      const timer = { atMs, work };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance: (seconds) => {
      nowMs += seconds * 1_000;
      for (const timer of [...timers].sort((a, b) => a.atMs - b.atMs)) {
        if (timer.atMs <= nowMs && timers.delete(timer)) timer.work();
      }
    },
  };
}
