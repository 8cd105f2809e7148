import { type DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { runWorker } from "@reliq/aws";
import { BadPayloadFailure, consumer, DependencyFailure } from "@reliq/core";
import { anyBody } from "@reliq/core/testing";
import { consumePorts } from "./consume-ports.ts";
import type { RecoveredMode, RecoverySetting } from "./recovery-setting.ts";
import { RECOVERED_MODES } from "./recovery-setting.ts";

/** How a message fares: its handler fails so many times, in a way that can pass or that cannot. */
export interface Fate {
  readonly failures: number;
  readonly kind: "bad-payload" | "dependency";
}

/** Consumers that are not killed, so that an effect that happens twice is recovery's fault. */
export interface RecoveryConsumers {
  /** How often the effect of each message happened, by its key. */
  effects(): Promise<ReadonlyMap<string, number>>;
  end(): Promise<void>;
}

export function startConsumers(
  sqs: SQSClient,
  dynamodb: DynamoDBClient,
  { queues }: RecoverySetting,
  fateOf: (key: string) => Fate,
): RecoveryConsumers {
  const counted = new Map<string, number>();
  const attempts = new Map<string, number>();
  const stop = new AbortController();
  const ports = consumePorts(dynamodb);
  const handle = (mode: RecoveredMode, key: string): unknown => {
    const attempt = (attempts.get(key) ?? 0) + 1;
    attempts.set(key, attempt);
    const { failures, kind } = fateOf(key);
    if (attempt <= failures)
      throw kind === "dependency" ? new DependencyFailure("down") : new BadPayloadFailure("broken");
    if (mode === "sequence") return { writes: [countWrite(key)] };
    counted.set(key, (counted.get(key) ?? 0) + 1);
    return undefined;
  };
  const running = RECOVERED_MODES.map((mode, index) => {
    const orders = consumer({
      name: mode,
      schema: anyBody,
      retry: { backoff: { delaySeconds: () => 0 } },
      ...(mode === "keyed" && { idempotency: { key: String } }),
      ...(mode === "sequence" && { effect: "transactional" as const }),
      handle: (body) => handle(mode, String(body)),
    });
    return runWorker(orders, ports, { queueUrl: queues[index]?.url ?? "", client: sqs, signal: stop.signal });
  });
  return {
    effects: async () => new Map([...counted, ...(await readWrites(dynamodb))]),
    end: async () => {
      stop.abort();
      await Promise.all(running);
    },
  };
}

function countWrite(key: string): object {
  return {
    Update: {
      TableName: "effects",
      Key: { pk: { S: key }, sk: { S: "effect" } },
      UpdateExpression: "ADD runs :one",
      ExpressionAttributeValues: { ":one": { N: "1" } },
    },
  };
}

async function readWrites(dynamodb: DynamoDBClient): Promise<readonly [string, number][]> {
  const found: [string, number][] = [];
  let next: Record<string, unknown> | undefined;
  do {
    const page = await dynamodb.send(new ScanCommand({ TableName: "effects", ExclusiveStartKey: next as never }));
    found.push(...(page.Items ?? []).map(({ pk, runs }): [string, number] => [pk?.S ?? "", Number(runs?.N)]));
    next = page.LastEvaluatedKey;
  } while (next);
  return found;
}
