import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { CountedFamily, CountedRegion } from "@reliq/core/recovery";
import { type MeteredQueue, meteredCounts, readHeld } from "../recovery/metered-counts.ts";
import { readNewest } from "../recovery/queue-meters.ts";
import { readAlarms } from "./cloudwatch-facts.ts";
import type { DeployedResource } from "./deployed-resource.ts";

/** How long what metrics say is shown, milliseconds: they have periods of a minute, and each metric that is read costs. */
const METERS_MS = 60_000;

/** How far back the newest period is looked for, milliseconds: it comes some minutes late. */
const LATELY_MS = 600_000;
const PERIOD_MS = 60_000;

/** What asks AWS. */
export interface CountClients {
  readonly cloudwatch: CloudWatchClient;
  readonly sqs: SQSClient;
}

interface DeployedQueue extends MeteredQueue {
  readonly maxReceiveCount?: number;
}

/**
 * Counts the queues among resources over and over: what they hold is asked each time, one request a queue; what they have seen comes from metrics, 17 a queue with its dead-letter queue, and is asked
 * once a minute. Alarms are those among the resources.
 */
export function regionCounter({
  cloudwatch,
  sqs,
}: CountClients): (resources: readonly DeployedResource[]) => Promise<CountedRegion> {
  let known:
    | { readonly names: string; readonly families: Promise<readonly CountedFamily[]>; readonly untilMs: number }
    | undefined;
  return async (resources) => {
    const queues = queuesOf(resources);
    const names = queues.map(({ name }) => name).join();
    if (known?.names !== names || known.untilMs <= Date.now()) {
      known = { names, families: countFamilies(queues, { cloudwatch, sqs }), untilMs: Date.now() + METERS_MS };
      known.families.catch(() => (known = undefined));
    }
    const [families, held, alarms] = await Promise.all([
      known.families,
      readAllHeld(sqs, queues),
      readAlarms(cloudwatch, alarmNames(resources)),
    ]);
    return {
      atMs: Date.now(),
      queues: families.map((family) => ({ ...family, ...withHeld(family, held) })),
      alarms: alarms.map(({ name, state }) => ({ name, state })),
    };
  };
}

/** The names of the alarms among resources. */
export function alarmNames(resources: readonly DeployedResource[]): readonly string[] {
  return resources
    .filter(
      ({ type, ref }) => ["AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"].includes(type) && ref !== "",
    )
    .map(({ ref }) => ref);
}

/** The queues that are no dead-letter queue themselves. */
function queuesOf(resources: readonly DeployedResource[]): readonly DeployedQueue[] {
  const queues = resources.filter(({ type, ref }) => type === "AWS::SQS::Queue" && ref !== "");
  const found = queues.map(({ ref: url, attributes, properties }) => {
    const { deadLetterTargetArn, maxReceiveCount } = (properties["RedrivePolicy"] ?? {}) as {
      readonly deadLetterTargetArn?: string;
      readonly maxReceiveCount?: number;
    };
    const dead = queues.find((each) => each.attributes["Arn"] === deadLetterTargetArn);
    return {
      name: attributes["QueueName"] ?? "",
      url,
      ...(dead && { deadLetterQueue: { name: dead.attributes["QueueName"] ?? "", url: dead.ref } }),
      ...(maxReceiveCount !== undefined && { maxReceiveCount: Number(maxReceiveCount) }),
    };
  });
  const dead = new Set(found.map(({ deadLetterQueue }) => deadLetterQueue?.name));
  return found.filter(({ name }) => !dead.has(name));
}

async function countFamilies(
  queues: readonly DeployedQueue[],
  { cloudwatch, sqs }: CountClients,
): Promise<readonly CountedFamily[]> {
  const names = queues.map(({ name }) => name);
  const toMs = Date.now();
  const time = { fromMs: toMs - LATELY_MS, toMs, periodMs: PERIOD_MS };
  const [counted, lately] = await Promise.all([
    meteredCounts(queues, { cloudwatch, sqs })(),
    readNewest(cloudwatch, names, time),
  ]);
  return counted.map((family): CountedFamily => {
    const own = queues.map((queue, index) => ({ ...queue, ...lately[index] }));
    const ofFamily = own.filter(({ name }) => family.queues.some((each) => each.name === name));
    const known = ofFamily.flatMap(({ age }) => age ?? []);
    const aSecond = (name: "deleted" | "sent"): number =>
      ofFamily.reduce((sum, each) => sum + (each[name] ?? 0), 0) / (PERIOD_MS / 1_000);
    const [first] = ofFamily;
    return {
      ...family,
      rates: { accepted: aSecond("sent"), processed: aSecond("deleted") },
      ...(first?.deadLetterQueue && { deadLetters: first.deadLetterQueue.name }),
      ...(first?.maxReceiveCount !== undefined && { maxReceiveCount: first.maxReceiveCount }),
      ...(known.length > 0 && { ageSeconds: Math.max(...known) }),
    };
  });
}

type Held = Awaited<ReturnType<typeof readHeld>>;

async function readAllHeld(sqs: SQSClient, queues: readonly DeployedQueue[]): Promise<ReadonlyMap<string, Held>> {
  const all = queues.flatMap(({ name, url, deadLetterQueue }) => [
    { name, url },
    ...(deadLetterQueue ? [deadLetterQueue] : []),
  ]);
  const once = [...new Map(all.map((each) => [each.name, each.url]))];
  const read = once.map(async ([name, url]) => {
    // One that was deleted a moment ago holds nothing.
    const held = await readHeld(sqs, url).catch((error: Error) => {
      if (error.name !== "QueueDoesNotExist") throw error;
    });
    return held ? [[name, held] as const] : [];
  });
  return new Map((await Promise.all(read)).flat());
}

/** What a family holds now, in place of what it held when its metrics were read. */
function withHeld(
  { queues, deadLetterQueue, deadLetters = "" }: CountedFamily,
  held: ReadonlyMap<string, Held>,
): Pick<CountedFamily, "deadLetterQueue" | "queues"> {
  const now = <Counts extends object>(name: string, counts: Counts): Counts => {
    const { createdMs: _, ...holds } = held.get(name) ?? { createdMs: 0 };
    return { ...counts, ...holds };
  };
  return {
    queues: queues.map(({ name, counts }) => ({ name, counts: now(name, counts) })),
    deadLetterQueue: now(deadLetters, deadLetterQueue),
  };
}
