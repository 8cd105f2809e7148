import { type DeployedQueue, type PolicyStatement, type QueueSender, queueOf } from "./deployment.ts";
import type { Finding, Rule } from "./finding.ts";

/** Who sends for each kind of sender, and where its guide asks for a policy. */
const SERVICES: Readonly<Record<QueueSender["kind"], { readonly principal: string; readonly guide: string }>> = {
  topic: {
    principal: "sns.amazonaws.com",
    guide: "SNS developer guide, Subscribing an Amazon SQS queue to an Amazon SNS topic",
  },
  rule: { principal: "events.amazonaws.com", guide: "EventBridge user guide, Using resource-based policies" },
};

/** A key of AWS's own, whose policy nobody can change. */
const AWS_KEY = /(^|:)alias\/aws\/sqs$/;

/** A topic or a rule that a queue's policy does not let send. */
export const senderNotAllowed: Rule = (parts) =>
  parts.senders.flatMap((sender): readonly Finding[] => {
    const queue = queueOf(parts, sender.queueArn);
    const { principal, guide } = SERVICES[sender.kind];
    if (!queue || mayBeSentTo(queue, principal, sender.arn)) return [];
    return [
      {
        severity: "error",
        resource: queue.name,
        what: `The ${sender.kind} ${sender.arn} sends to it, and its policy does not let ${principal} do so.`,
        why: `What is sent is refused, tried again for a while, and dropped (${guide}).`,
        fix: `${sender.kind === "topic" ? "topic.addSubscription(new SqsSubscription(queue))" : "targets: [new SqsQueue(queue)] of the rule"} writes the policy; by hand: sqs:SendMessage to ${principal} with aws:SourceArn ${sender.arn}.`,
      },
    ];
  });

/** A queue whose key the services that send to it cannot use. */
export const encryptionShutsOut: Rule = (parts) =>
  parts.senders.flatMap((sender): readonly Finding[] => {
    const queue = queueOf(parts, sender.queueArn);
    if (!queue?.kmsKey || !AWS_KEY.test(queue.kmsKey)) return [];
    const { principal } = SERVICES[sender.kind];
    return [
      {
        severity: "error",
        resource: queue.name,
        what: `It is encrypted with ${queue.kmsKey}, and the ${sender.kind} ${sender.arn} sends to it.`,
        why: `The policy of AWS's own key does not let ${principal} use it and cannot be changed: all that is sent is dropped (SQS developer guide, Configuring KMS permissions for AWS services).`,
        fix: `encryption: QueueEncryption.SQS_MANAGED, or a key of yours that allows ${principal} kms:GenerateDataKey* and kms:Decrypt.`,
      },
    ];
  });

/** Dead letters that are less protected than the messages that they were. */
export const encryptionMismatch: Rule = (parts) =>
  parts.queues.flatMap((queue): readonly Finding[] => {
    const dead = queueOf(parts, queue.deadLetterArn);
    if (!dead || queue.kmsKey === dead.kmsKey) return [];
    return [
      {
        severity: "warning",
        resource: dead.name,
        what: `It is encrypted with ${dead.kmsKey ?? "no key of KMS"}, and the queue that it serves, ${queue.name}, with ${queue.kmsKey ?? "none"}.`,
        why: "The same messages lie under two protections: who may read one key may not read the other, and a redrive fails for it or a secret lies open.",
        fix: "The same encryptionMasterKey for both; encryptionKey of a ReliableQueue is that.",
      },
    ];
  });

function mayBeSentTo({ policy }: DeployedQueue, principal: string, sender: string): boolean {
  const statements = [policy?.Statement ?? []].flat() as readonly PolicyStatement[];
  return statements.some(
    (each) => each.Effect === "Allow" && names(each, principal) && sends(each) && comesFrom(each, sender),
  );
}

function names({ Principal }: PolicyStatement, principal: string): boolean {
  if (typeof Principal === "string") return Principal === "*";
  return Object.values(Principal ?? {})
    .flat()
    .some((each) => each === "*" || each === principal);
}

function sends({ Action }: PolicyStatement): boolean {
  return [Action ?? []].flat().some((each) => /^(\*|sqs:(\*|send\*|sendmessage))$/i.test(each));
}

/** Whether the conditions on the source let the sender through; what else they ask cannot be seen from here. */
function comesFrom({ Condition = {} }: PolicyStatement, sender: string): boolean {
  return Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, values]) => {
      if (key.toLowerCase() !== "aws:sourcearn" || !/^(Arn|String)(Equals|Like)/.test(operator)) return true;
      return [values].flat().some((value) => fitsPattern(value, sender));
    }),
  );
}

function fitsPattern(pattern: string, text: string): boolean {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${escaped}$`).test(text);
}
