import { setTimeout as wait } from "node:timers/promises";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { sqsWakeUps } from "@reliq/aws/recovery";
import { chunks } from "@reliq/core";
import { discard } from "@reliq/core/recovery";
import type { Scene } from "./scene.ts";

const BY = "game day";

/** How often a run is looked at, milliseconds. */
const LOOK_MS = 500;

/** The most ids of one look at the store. */
const AT_ONCE = 100;

/** Redrives what is held of an error, as `POST /redrive/start` does, until nothing of it is held; false where a run stops, or a time is over, seconds. */
export async function redriveAll(
  { stage, system: { lambda, name, failures, held } }: Scene,
  errorType: string,
  withinSeconds: number,
): Promise<boolean> {
  const deadline = performance.now() + withinSeconds * 1_000;
  while ((await held()) > 0 && performance.now() < deadline) {
    const body = JSON.stringify({ errorType, maxMessages: 1_000, minAgeSeconds: 0 });
    // As API Gateway hands it on, of a caller whom IAM lets.
    const event = { routeKey: "POST /redrive/start", body, requestContext: { authorizer: { iam: { userArn: BY } } } };
    const invoke = new InvokeCommand({ FunctionName: name("redrive"), Payload: Buffer.from(JSON.stringify(event)) });
    const { Payload } = await lambda.send(invoke);
    const answer = JSON.parse(Buffer.from(Payload ?? []).toString()) as { statusCode?: number; body?: string };
    const { runId } = JSON.parse(answer.body ?? "{}") as { readonly runId?: string };
    if (runId === undefined) throw new Error(`The redrive was not started: ${JSON.stringify(answer)}`);
    for (;;) {
      const run = await failures.run(runId);
      if (run?.state === "stopped") return false;
      if (run && run.state !== "planning" && run.state !== "running") break;
      if (performance.now() > deadline) return false;
      await wait(LOOK_MS, undefined, { signal: stage.signal });
    }
  }
  return (await held()) === 0;
}

/** Gives up what is held of the queue, for a reason that the audit keeps; how many that were. */
export async function discardHeld({ system }: Scene, reason: string): Promise<number> {
  const { failures, queue, sqs } = system;
  const wakeUps = sqsWakeUps(sqs, (await system.variables("redrive"))["RELIQ_WAKE_UPS_URL"] ?? "");
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const page = await failures.listFailures({
      filter: { queue, state: "held" },
      limit: AT_ONCE,
      ...(after !== undefined && { after }),
    });
    ids.push(...page.failures.map(({ id }) => id));
    after = page.next;
  } while (after !== undefined);
  for (const some of chunks(ids, AT_ONCE)) {
    await discard(some, reason, BY, { store: failures, wakeUps, now: Date.now });
  }
  return ids.length;
}
