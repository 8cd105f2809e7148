import { type DeployedParts, type DeployedQueue, type DeployedSubscription, queueOf } from "./deployment.ts";
import type { Finding } from "./finding.ts";

/** What an app says that is deployed of it: a module of its own exports it as `description`, made of what its definition is made of. */
export interface SystemDescription {
  readonly queues?: readonly DescribedQueue[];
  readonly topics?: readonly DescribedTopic[];
}

/** A queue; what is left out is not compared. */
interface DescribedQueue {
  readonly name: string;
  readonly visibilitySeconds?: number;
  readonly retentionSeconds?: number;
  readonly waitSeconds?: number;
  readonly maxReceiveCount?: number;
  readonly deadLetterQueue?: string;
}

/** A topic with all of its subscriptions. */
interface DescribedTopic {
  readonly name: string;
  readonly subscriptions: readonly {
    readonly protocol: string;
    /** The name of a queue or of a function, or an address. @default any */
    readonly endpoint?: string;
    /** @default none */
    readonly filterPolicy?: Readonly<Record<string, unknown>>;
    /** Whether what cannot be delivered goes to a queue. @default not compared */
    readonly deadLetters?: boolean;
    /** Whether it is there in some deployments only. @default false */
    readonly optional?: boolean;
  }[];
}

const NUMBERS = ["visibilitySeconds", "retentionSeconds", "waitSeconds", "maxReceiveCount"] as const;

/** What is deployed otherwise than it is described. */
export function compareDescription(
  { queues = [], topics = [] }: SystemDescription,
  parts: DeployedParts & { readonly subscriptions: readonly DeployedSubscription[] },
): readonly Finding[] {
  return [
    ...queues.flatMap((queue) => compareQueue(queue, parts)),
    ...topics.flatMap((topic) => compareTopic(topic, parts.subscriptions)),
  ];
}

function compareQueue(described: DescribedQueue, parts: DeployedParts): readonly Finding[] {
  const { name, deadLetterQueue } = described;
  const deployed = parts.queues.find((queue) => queue.name === name);
  if (!deployed) return [differs(name, "There is no such queue.")];
  const numbers = NUMBERS.filter((field) => described[field] !== undefined && described[field] !== deployed[field]);
  const dead: DeployedQueue | undefined = queueOf(parts, deployed.deadLetterArn);
  return [
    ...numbers.map((field) => {
      return differs(name, `Its ${field} is ${deployed[field] ?? "not set"}, and is described as ${described[field]}.`);
    }),
    ...(deadLetterQueue !== undefined && dead?.name !== deadLetterQueue
      ? [differs(name, `Its dead-letter queue is ${dead?.name ?? "none"}, and is described as ${deadLetterQueue}.`)]
      : []),
  ];
}

function compareTopic(
  { name, subscriptions }: DescribedTopic,
  deployed: readonly DeployedSubscription[],
): readonly Finding[] {
  const left = deployed.filter(({ topicArn }) => nameIn(topicArn) === name);
  const missing = subscriptions.filter((each) => {
    const place = left.findIndex((found) => fits(each, found));
    if (place >= 0) left.splice(place, 1);
    return place < 0 && !each.optional;
  });
  return [
    ...missing.map(({ protocol, endpoint = "anybody", filterPolicy }) => {
      const filter = filterPolicy ? `the filter ${JSON.stringify(filterPolicy)}` : "no filter";
      return differs(name, `Nothing is subscribed by ${protocol} to ${endpoint} with ${filter}, as it is described.`);
    }),
    ...left.map(({ protocol, endpoint }) => {
      return differs(name, `${protocol} to ${nameIn(endpoint)} is subscribed, and is not described so.`);
    }),
  ];
}

function fits(described: DescribedTopic["subscriptions"][number], deployed: DeployedSubscription): boolean {
  const { protocol, endpoint, filterPolicy, deadLetters } = described;
  return (
    protocol === deployed.protocol &&
    (endpoint === undefined || endpoint === deployed.endpoint || endpoint === nameIn(deployed.endpoint)) &&
    (deadLetters === undefined || deadLetters === deployed.deadLetters) &&
    JSON.stringify(filterPolicy ?? {}) === JSON.stringify(deployed.filterPolicy ?? {})
  );
}

function nameIn(arn: string): string {
  return arn.startsWith("arn:") ? arn.slice(arn.lastIndexOf(":") + 1) : arn;
}

function differs(resource: string, what: string): Finding {
  return {
    severity: "error",
    resource,
    what,
    why: "What is deployed is not what the app describes: somebody has changed it by hand, or the last deployment is another's.",
    fix: "Deploy the app again, or change its description.",
  };
}
