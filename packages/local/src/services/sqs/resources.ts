import type { Resource, ResourceProvider, ResourceRequest } from "../../kernel/resource.ts";
import type { Members, World } from "../../kernel/service.ts";
import { insertQueue } from "./actions/create-queue.ts";
import { removeQueue } from "./actions/delete-queue.ts";
import { updateAttributes } from "./actions/set-queue-attributes.ts";
import { findQueue, queueArn, queueNameOf, queueUrl, setTags } from "./queue.ts";
import { initialAttributes, withAttributes } from "./queue-attributes.ts";
import type { Sqs } from "./sqs.ts";

const KEPT: Readonly<Record<string, string>> = {
  KmsMasterKeyId: "the local state is not encrypted",
  KmsDataKeyReusePeriodSeconds: "the local state is not encrypted",
  SqsManagedSseEnabled: "the local state is not encrypted",
};

const AS_ATTRIBUTES: readonly string[] = [
  "VisibilityTimeout",
  "DelaySeconds",
  "MaximumMessageSize",
  "MessageRetentionPeriod",
  "ReceiveMessageWaitTimeSeconds",
  "RedrivePolicy",
  "RedriveAllowPolicy",
  "ContentBasedDeduplication",
  "DeduplicationScope",
  "FifoThroughputLimit",
];

/** `AWS::SQS::Queue`: an existing queue of the name gets the new attributes and keeps its messages. */
export function queueProvider({ world, polls }: Sqs): ResourceProvider {
  return {
    supported: [...AS_ATTRIBUTES, "QueueName", "FifoQueue", "Tags"],
    kept: KEPT,
    put: async (request) => {
      const name = queueName(request);
      const queueId = await world.store.transaction(() => putQueue(world, name, request.properties));
      polls.wake(queueId);
      return resourceOf(world, name);
    },
    remove: async ({ ref }) => {
      const removed = await world.store.transaction(() => {
        const queue = findQueue(world.store, queueNameOf(ref));
        if (queue) removeQueue(world, queue);
        return queue;
      });
      if (removed) polls.wake(removed.id);
    },
  };
}

/** `AWS::SQS::QueuePolicy`: its queues show the policy, as `Policy`; access is not checked locally. */
export function queuePolicyProvider({ world }: Sqs): ResourceProvider {
  const setPolicy = (urls: readonly string[], policy: string): Promise<void> =>
    world.store.transaction(() => {
      for (const url of urls) {
        const queue = findQueue(world.store, queueNameOf(url));
        const { Policy: _, ...others } = queue?.attributes ?? {};
        if (queue) updateAttributes(world, queue, policy === "" ? others : { ...others, Policy: policy });
      }
    });
  return {
    supported: ["PolicyDocument", "Queues"],
    put: async ({ name, properties }) => {
      const urls = (properties["Queues"] ?? []) as readonly string[];
      await setPolicy(urls, JSON.stringify(properties["PolicyDocument"]));
      return { ref: name, attributes: { Id: name, Queues: urls.join(" ") } };
    },
    remove: ({ attributes }) => setPolicy(attributes["Queues"]?.split(" ") ?? [], ""),
  };
}

function queueName({ properties, name }: ResourceRequest): string {
  const given = String(properties["QueueName"] ?? name);
  return isFifo(properties) && !given.endsWith(".fifo") ? `${given}.fifo` : given;
}

function isFifo(properties: Members): boolean {
  return String(properties["FifoQueue"] ?? false) === "true";
}

function putQueue(world: World, name: string, properties: Members): number {
  const fifo = isFifo(properties);
  const wanted = { ...attributesOf(properties), ...(fifo && { FifoQueue: "true" }) };
  const tags = propertyTags(properties);
  const existing = findQueue(world.store, name);
  if (!existing) {
    insertQueue(world, name, fifo, wanted, tags);
    return findQueue(world.store, name)?.id ?? 0;
  }
  const attributes = withAttributes(world, { ...existing, attributes: initialAttributes(fifo) }, wanted);
  const policy = existing.attributes["Policy"];
  updateAttributes(world, existing, policy ? { ...attributes, Policy: policy } : attributes);
  setTags(world.store, existing, tags);
  return existing.id;
}

function attributesOf(properties: Members): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const name of [...AS_ATTRIBUTES, ...Object.keys(KEPT)]) {
    const value = properties[name] ?? undefined;
    if (value !== undefined) attributes[name] = typeof value === "object" ? JSON.stringify(value) : String(value);
  }
  return attributes;
}

function propertyTags(properties: Members): Record<string, string> {
  const tags = (properties["Tags"] ?? []) as readonly { Key: string; Value: string }[];
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, String(Value)]));
}

function resourceOf(world: World, name: string): Resource {
  const url = queueUrl(world, name);
  return { ref: url, attributes: { Arn: queueArn(world, name), QueueName: name, QueueUrl: url } };
}
