import { passOver } from "../assembly/pass-over.ts";
import type { Members, World } from "../kernel/service.ts";
import { ServiceError } from "../kernel/service-error.ts";
import type { Fire, Owner, Target } from "./schedule.ts";

/** What becomes of a failed delivery. */
export type Failure =
  | { readonly kind: "again"; readonly dueAt: number }
  | { readonly kind: "over"; readonly condition?: "MaximumEventAgeInSeconds" | "MaximumRetryAttempts" };

/** The longest wait between two attempts, ms. */
const LONGEST_BACKOFF_MS = 3_600_000;

/** The services that a schedule can send to, by what their ARNs begin with. */
const SERVICES = ["arn:aws:lambda:", "arn:aws:sqs:", "arn:aws:sns:"];

/** Those that a rule can send to besides: another bus, and a log group. */
const SERVICES_OF_RULES = ["arn:aws:events:", "arn:aws:logs:"];

/** Whether events can go to an ARN: a function, a queue or a topic; those of a rule also to a bus or a log group. */
export function isTarget(arn: string, ofRule: boolean): boolean {
  return [...SERVICES, ...(ofRule ? SERVICES_OF_RULES : [])].some((beginning) => arn.startsWith(beginning));
}

/** Brings an event to its target: a function is invoked asynchronously. @throws what the target's service refuses */
export async function deliver(
  world: World,
  { target, payload, scheduledAt }: Pick<Fire, "payload" | "scheduledAt" | "target">,
): Promise<void> {
  const { arn, messageGroupId, traceHeader } = target;
  const group = messageGroupId === undefined ? {} : { MessageGroupId: messageGroupId };
  const call = (service: string, action: string, input: Members): Promise<Members> =>
    world.call(service, action, input, undefined, traceHeader);
  if (arn.startsWith("arn:aws:lambda:")) {
    await call("lambda", "Invoke", { FunctionName: arn, InvocationType: "Event", Payload: payload });
  } else if (arn.startsWith("arn:aws:sns:")) {
    await call("sns", "Publish", { TopicArn: arn, Message: payload, ...group });
  } else if (arn.startsWith("arn:aws:events:")) {
    await call("events", "ReliqForwardEvent", { EventBusName: arn, Event: payload });
  } else if (arn.startsWith("arn:aws:logs:")) {
    await sendToLogGroup(world, arn, payload, scheduledAt);
  } else {
    await sendToQueue(world, arn, { MessageBody: payload, ...group }, traceHeader);
  }
}

/** Sends what could not be delivered to its dead-letter queue, with the reason in attributes (EventBridge user guide, Dead-letter queues). */
export async function deadLetter(
  world: World,
  fire: Fire,
  error: unknown,
  condition: string | undefined,
  { arnAttribute }: Owner,
): Promise<void> {
  const { target, payload, scheduleArn, attempts, scheduledAt } = fire;
  if (target.deadLetterArn === undefined) return;
  const texts: Record<string, string> = {
    [arnAttribute]: scheduleArn,
    TARGET_ARN: target.arn,
    ERROR_CODE: errorCode(error, arnAttribute === "RULE_ARN"),
    ERROR_MESSAGE: String(error instanceof Error ? error.message : error).slice(0, 1_024) || "-",
    RETRY_ATTEMPTS: String(attempts),
    ...(arnAttribute === "SCHEDULE_ARN" && { SCHEDULED_TIME: new Date(scheduledAt).toISOString() }),
    ...(condition !== undefined && { EXHAUSTED_RETRY_CONDITION: condition }),
  };
  const MessageAttributes: Members = Object.fromEntries(
    Object.entries(texts).map(([name, StringValue]) => [name, { DataType: "String", StringValue }]),
  );
  await sendToQueue(world, target.deadLetterArn, { MessageBody: payload, MessageAttributes }, target.traceHeader);
}

/** EventBridge has codes of its own, Scheduler says those of the target's service. */
function errorCode(error: unknown, ofRule: boolean): string {
  if (!(error instanceof ServiceError)) return "INTERNAL_ERROR";
  if (!ofRule) return error.code;
  if (error.status === 404 || /NotFound|NonExistent|DoesNotExist/.test(error.code)) return "NO_RESOURCE";
  if (error.status === 429) return "THROTTLING";
  return error.status < 500 ? "SDK_CLIENT_ERROR" : "ERROR_FROM_TARGET";
}

/** The group takes events in a stream of the region's own. */
async function sendToLogGroup(world: World, arn: string, message: string, timestamp: number): Promise<void> {
  const logGroupName = arn.split(":")[6];
  const at = { logGroupName, logStreamName: "events" };
  await passOver(world.call("logs", "CreateLogStream", at), "ResourceAlreadyExistsException");
  await world.call("logs", "PutLogEvents", { ...at, logEvents: [{ timestamp, message }] });
}

async function sendToQueue(
  world: World,
  arn: string,
  message: Members,
  traceHeader: string | undefined,
): Promise<void> {
  const { QueueUrl } = await world.call("sqs", "GetQueueUrl", { QueueName: arn.split(":").at(-1) });
  await world.call("sqs", "SendMessage", { QueueUrl, ...message }, undefined, traceHeader);
}

/** Retries what may pass, with a wait that doubles; a target that is not there, or refuses the event, is not asked again. */
export function afterFailure(fire: Fire, error: unknown, nowMs: number): Failure {
  const lasting = error instanceof ServiceError && error.status < 500 && error.status !== 429;
  if (lasting) return { kind: "over" };
  const { mostRetries, longestAgeSeconds }: Target = fire.target;
  if (fire.attempts >= mostRetries) return { kind: "over", condition: "MaximumRetryAttempts" };
  const dueAt = nowMs + Math.min(LONGEST_BACKOFF_MS, 1_000 * 2 ** fire.attempts);
  if (dueAt > fire.scheduledAt + longestAgeSeconds * 1_000) {
    return { kind: "over", condition: "MaximumEventAgeInSeconds" };
  }
  return { kind: "again", dueAt };
}
