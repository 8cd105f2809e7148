import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect, test, vi } from "vitest";
import { type Running, reliq, startReliq, withDirectory } from "./command.ts";
import { untilReady } from "./region.ts";

interface Node {
  readonly span: {
    readonly name: string;
    readonly origin?: string;
    readonly operation?: string;
    readonly endMs?: number;
    readonly startMs: number;
    readonly failure?: { readonly type: string; readonly message: string };
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly children: readonly Node[];
}

interface Traced {
  readonly tree: readonly Node[];
  readonly failure?: { readonly state: string };
}

/** Runs an app in a region of its own. */
async function withRegion(app: string, work: (endpoint: string) => Promise<void>): Promise<void> {
  await withDirectory(async (state) => {
    const running: Running = startReliq(["run", app, "--quiet", "--port", "0", "--state", state]);
    try {
      await work(await untilReady(running));
    } catch (error) {
      throw new Error(`The region printed: ${running.output().slice(-3_000)}`, { cause: error });
    } finally {
      running.child.kill("SIGINT");
      await running.ended;
    }
  });
}

/** Waits until what `reliq trace` gives is as it should be. */
function untilTraced(endpoint: string, id: string, check: (traced: Traced) => void): Promise<Traced> {
  return vi.waitFor(
    async () => {
      const { output } = await reliq("trace", id, "--json", "--endpoint", endpoint);
      if (!output.startsWith("{")) throw new Error(output);
      const traced = JSON.parse(output) as Traced;
      try {
        check(traced);
      } catch (cause) {
        throw new Error(`Not yet: ${describe(traced.tree)}`, { cause });
      }
      return traced;
    },
    { timeout: 240_000, interval: 1_000 },
  );
}

function describe(nodes: readonly Node[], indent = "\n"): string {
  return nodes
    .map(({ span, children }) => {
      const why = span.failure ? ` ✗ ${span.failure.type}` : "";
      return `${indent}${span.name} ${span.operation ?? ""}${why}${describe(children, `${indent}  `)}`;
    })
    .join("");
}

/** The names from a root to a node, for each node. */
function paths(nodes: readonly Node[], above: readonly string[] = []): readonly (readonly string[])[] {
  return nodes.flatMap(({ span, children }) => {
    const path = [...above, span.operation === undefined ? span.name : `${span.name} ${span.operation}`];
    return [path, ...paths(children, path)];
  });
}

function flat(nodes: readonly Node[]): readonly Node["span"][] {
  return nodes.flatMap(({ span, children }) => [span, ...flat(children)]);
}

/** Whether some node has these above it, in this order. */
function leads(nodes: readonly Node[], ...names: readonly RegExp[]): boolean {
  return paths(nodes).some((path) => {
    let at = 0;
    for (const name of path) if (names[at]?.test(name)) at += 1;
    return at === names.length;
  });
}

async function output(endpoint: string, name: string): Promise<string> {
  const status = (await (await fetch(`${endpoint}/_reliq/status`)).json()) as {
    stacks: { outputs: Record<string, string> }[];
  };
  return status.stacks.flatMap(({ outputs }) => outputs[name] ?? [])[0] ?? "";
}

test("an event's trace leads from the request through queue and worker to its effect, the bus and the topic", async () => {
  await withRegion("apps/event-ingestion", async (endpoint) => {
    const response = await fetch(`${await output(endpoint, "ApiUrl")}/events`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        orderId: "order-1",
        eventType: "order.created",
        amount: 12.5,
        currency: "EUR",
        userId: "jo-1",
      }),
    });
    const text = await response.text();
    expect(response.status, text).toBe(202);
    const { messageId } = JSON.parse(text) as { messageId: string };
    const { tree } = await untilTraced(endpoint, messageId, (traced) => {
      expect(
        leads(
          traced.tree,
          /POST \/events/,
          /ingest/,
          /SQS.SendMessage/,
          /ingestion-dev-events/,
          /worker/,
          /^process /,
          /DynamoDB/,
        ),
      ).toBe(true);
      expect(
        leads(
          traced.tree,
          /POST \/events/,
          /worker/,
          /^process /,
          /EventBridge.PutEvents/,
          /^rule/,
          /^ingestion-dev-notifications/,
        ),
      ).toBe(true);
      expect(flat(traced.tree).every(({ endMs }) => endMs !== undefined)).toBe(true);
    });
    expect(tree).toHaveLength(1);
    const drawn = (await reliq("trace", messageId, "--endpoint", endpoint)).output;
    expect(drawn).toContain("█");
    const requestId = response.headers.get("apigw-requestid") ?? "";
    expect((await reliq("trace", requestId, "--endpoint", endpoint)).output).toContain("POST /events");
    const unknown = await reliq("trace", "no-such-message", "--endpoint", endpoint);
    expect(unknown.code).toBe(1);
    expect(unknown.output).toMatch(/knows nothing of no-such-message.*--since 7d.*reliq queues/);
  });
}, 600_000);

test("a message that failed, was healed and had its effect shows every attempt in one tree, and one that was killed is unfinished there", async () => {
  await withRegion("apps/self-healing", async (endpoint) => {
    const credentials = { accessKeyId: "x", secretAccessKey: "x" };
    const lambda = new LambdaClient({ endpoint, region: "us-east-1", credentials });
    const FunctionName = await output(endpoint, "OrderProducer");
    const send = async (kind: string): Promise<string> => {
      const Payload = JSON.stringify({ kinds: [kind] });
      const answer = await lambda.send(new InvokeCommand({ FunctionName, Payload }));
      const { body } = JSON.parse(Buffer.from(answer.Payload ?? []).toString()) as { body: string };
      return (JSON.parse(body) as { messageIds: string[] }).messageIds[0] ?? "";
    };
    const [healed, crashed] = [await send("timeout"), await send("crash")];
    const { tree } = await untilTraced(endpoint, healed, ({ tree, failure }) => {
      expect(failure?.state).toBe("resolved");
      const attempts = flat(tree).filter(({ name }) => name.startsWith("process "));
      expect(attempts.filter(({ failure: why }) => why?.message.includes("payment service")).length).toBeGreaterThan(0);
      expect(attempts.filter(({ failure: why, endMs }) => !why && endMs !== undefined)).toHaveLength(1);
    });
    expect(flat(tree).some(({ name }) => name.startsWith("recovery: sent again by heal"))).toBe(true);
    await untilTraced(endpoint, crashed, ({ tree: nodes }) => {
      const attempts = flat(nodes).filter(({ name }) => name.startsWith("process "));
      expect(attempts.some(({ endMs }) => endMs === undefined)).toBe(true);
      expect(flat(nodes).some(({ failure }) => failure?.message.includes("exit status 7"))).toBe(true);
    });
  });
}, 600_000);
