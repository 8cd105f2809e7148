import type { PutEventsRequestEntry, PutEventsResponse, Target } from "@aws-sdk/client-eventbridge";
import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { CreateQueueCommand, type Message } from "@aws-sdk/client-sqs";
import { expect, vi } from "vitest";
import type { JumpFixture } from "../../../test/jump-fixture.ts";

/** An event as a target gets it. */
export interface SeenEvent {
  readonly id: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/** What tests of EventBridge do, on the region of a fixture. */
export interface EventsFixture {
  readonly events: EventBridgeClient;
  /** Makes a queue and gives its ARN. */
  queue(name: string, Attributes?: Record<string, string>): Promise<string>;
  /** Puts a rule whose events go to targets. */
  rule(
    Name: string,
    pattern: object,
    targets: readonly (Partial<Target> & { Arn: string })[],
    bus?: string,
  ): Promise<void>;
  put(...entries: readonly Partial<PutEventsRequestEntry>[]): Promise<PutEventsResponse>;
  /** Waits for the messages of a queue. */
  messages(name: string, count?: number): Promise<Message[]>;
}

export function eventsFixture({ region, sqs, receive }: JumpFixture): EventsFixture {
  const events = eventsClient(region.endpoint);
  return {
    events,
    queue: async (QueueName, Attributes = {}) => {
      await sqs.send(new CreateQueueCommand({ QueueName, Attributes: { VisibilityTimeout: "43200", ...Attributes } }));
      return `arn:aws:sqs:us-east-1:000000000000:${QueueName}`;
    },
    rule: async (Name, pattern, targets, EventBusName = "default") => {
      await events.send(new PutRuleCommand({ Name, EventBusName, EventPattern: JSON.stringify(pattern) }));
      const Targets = targets.map((target, index) => ({ Id: `t${index}`, ...target }));
      await events.send(new PutTargetsCommand({ Rule: Name, EventBusName, Targets }));
    },
    put: (...entries) =>
      events.send(
        new PutEventsCommand({
          Entries: entries.map((entry) => ({ Source: "shop", DetailType: "Order", Detail: "{}", ...entry })),
        }),
      ),
    messages: async (name, count = 1) => {
      const found: Message[] = [];
      const url = `${region.endpoint}/000000000000/${name}`;
      await vi.waitFor(
        async () => {
          found.push(...(await receive(url, 1)));
          expect(found.length).toBeGreaterThanOrEqual(count);
        },
        { timeout: 30_000 },
      );
      return found;
    },
  };
}

export function eventsClient(endpoint: string): EventBridgeClient {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  return new EventBridgeClient({ endpoint, region: "us-east-1", credentials, maxAttempts: 1 });
}

export function eventIn({ Body }: Message): SeenEvent {
  return JSON.parse(Body ?? "{}") as SeenEvent;
}
