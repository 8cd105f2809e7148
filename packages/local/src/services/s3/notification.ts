import { randomUUID } from "node:crypto";
import { elements } from "../../kernel/protocol/rest-xml.ts";
import type { Members } from "../../kernel/service.ts";
import { invalidArgument, malformedXml, notImplemented } from "./errors.ts";
import { structure } from "./input.ts";

/** One rule of a bucket's notifications. */
export interface Notification {
  readonly id: string;
  readonly service: "lambda" | "sqs";
  readonly targetArn: string;
  /** `s3:ObjectCreated:*` and its like. */
  readonly events: readonly string[];
  readonly prefix: string;
  readonly suffix: string;
}

/** The events that the local region sends (user guide, Supported event types). */
const EVENTS: readonly string[] = [
  "s3:ObjectCreated:*",
  "s3:ObjectCreated:Put",
  "s3:ObjectCreated:Post",
  "s3:ObjectCreated:Copy",
  "s3:ObjectCreated:CompleteMultipartUpload",
  "s3:ObjectRemoved:*",
  "s3:ObjectRemoved:Delete",
  "s3:ObjectRemoved:DeleteMarkerCreated",
];

/** What each kind of target is called: on the wire, in the SDKs (also in CDK's custom resource), and in templates. */
const TARGETS = [
  { service: "sqs", lists: ["QueueConfiguration", "QueueConfigurations"], arns: ["Queue", "QueueArn"] },
  {
    service: "lambda",
    lists: ["CloudFunctionConfiguration", "LambdaFunctionConfigurations", "LambdaConfigurations"],
    arns: ["CloudFunction", "LambdaFunctionArn", "Function"],
  },
] as const;

/** Reads a notification configuration. @throws InvalidArgument, MalformedXML, or NotImplemented for what is not delivered to */
export function readNotifications(configuration: Members): Notification[] {
  const lists: readonly string[] = TARGETS.flatMap((target) => target.lists);
  const other = Object.keys(configuration).find(
    (name) => !lists.includes(name) && elements(configuration[name]).length > 0,
  );
  if (other !== undefined) throw notImplemented(`notifications by ${other}`);
  const notifications = TARGETS.flatMap((target) =>
    member(configuration, target.lists).map((each) => readNotification(structure(each), target)),
  );
  refuseOverlaps(notifications);
  return notifications;
}

function readNotification(given: Members, { service, arns }: (typeof TARGETS)[number]): Notification {
  const [targetArn] = member(given, arns);
  const events = member(given, ["Event", "Events"]).map(String);
  if (typeof targetArn !== "string" || events.length === 0) throw malformedXml();
  if (targetArn.split(":")[2] !== service || targetArn.endsWith(".fifo")) {
    throw invalidArgument("The ARN is not well formed, or of a kind that S3 does not notify", arns[0], targetArn);
  }
  const unknown = events.find((event) => !EVENTS.includes(event));
  if (unknown !== undefined) throw notImplemented(`the event ${unknown}`);
  const id = String(given["Id"] ?? given["ID"] ?? randomUUID());
  return { id, service, targetArn, events, ...readFilter(given["Filter"]) };
}

function readFilter(filter: unknown): Pick<Notification, "prefix" | "suffix"> {
  const [keyFilter] = member((filter || {}) as Members, ["S3Key", "Key"]);
  const found = { prefix: "", suffix: "" };
  for (const rule of member((keyFilter || {}) as Members, ["FilterRule", "FilterRules", "Rules"])) {
    const { Name, Value } = structure(rule);
    const name = String(Name).toLowerCase();
    if (name !== "prefix" && name !== "suffix")
      throw invalidArgument("filter rule name must be either prefix or suffix", "FilterRule.Name", Name);
    found[name] = String(Value ?? "");
  }
  return found;
}

/** The elements of a member, by the first of its names that is there. */
function member(members: Members, names: readonly string[]): unknown[] {
  return elements(members[names.find((name) => members[name] !== undefined) ?? ""]);
}

/** S3 sends an event once: two rules must not both take the same one. */
function refuseOverlaps(notifications: readonly Notification[]): void {
  const overlap = (a: Notification, b: Notification): boolean =>
    (a.prefix.startsWith(b.prefix) || b.prefix.startsWith(a.prefix)) &&
    (a.suffix.endsWith(b.suffix) || b.suffix.endsWith(a.suffix)) &&
    a.events.some((event) => b.events.some((each) => covers(event, each) || covers(each, event)));
  for (const [index, each] of notifications.entries()) {
    if (!notifications.slice(index + 1).some((other) => overlap(each, other))) continue;
    const message = "Configurations overlap. Configurations on the same bucket cannot share a common event type.";
    throw invalidArgument(message, "Id", each.id);
  }
}

function covers(pattern: string, event: string): boolean {
  return pattern === event || (pattern.endsWith("*") && event.startsWith(pattern.slice(0, -1)));
}

/** Writes a notification configuration as on the wire. */
export function notificationMembers(notifications: readonly Notification[]): Members {
  const lists = TARGETS.map(({ service, lists: [list], arns: [arn] }) => {
    const own = notifications.filter((each) => each.service === service);
    return [
      list,
      own.map(({ id, targetArn, events, ...filter }) => ({
        Id: id,
        [arn]: targetArn,
        Event: events,
        Filter: { S3Key: { FilterRule: filterRules(filter) } },
      })),
    ];
  });
  return Object.fromEntries(lists);
}

function filterRules({ prefix, suffix }: Pick<Notification, "prefix" | "suffix">): Members[] {
  return [
    { Name: "Prefix", Value: prefix },
    { Name: "Suffix", Value: suffix },
  ].filter(({ Value }) => Value !== "");
}

/** Those of a bucket's rules that take an event of a key. */
export function takers(notifications: readonly Notification[], event: string, key: string): Notification[] {
  return notifications.filter(
    ({ events, prefix, suffix }) =>
      key.startsWith(prefix) && key.endsWith(suffix) && events.some((each) => covers(each, event)),
  );
}
