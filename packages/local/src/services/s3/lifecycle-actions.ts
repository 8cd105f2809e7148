import { elements } from "../../kernel/protocol/rest-xml.ts";
import type { Members } from "../../kernel/service.ts";
import { structure } from "./input.ts";
import type { ObjectSummary } from "./object.ts";

const DAY_MS = 86_400_000;

/** Objects below this size are not moved unless a rule's filter names a size, bytes (user guide, Transitioning objects). */
const LEAST_MOVED_BYTES = 131_072;

/** From the warmest to the coldest: objects move only to what is colder (user guide, Supported transitions). */
const CLASSES = [
  "STANDARD",
  "STANDARD_IA",
  "INTELLIGENT_TIERING",
  "ONEZONE_IA",
  "GLACIER_IR",
  "GLACIER",
  "DEEP_ARCHIVE",
];

/** What a bucket's rules ask for an object by now. */
export type LifecycleAction = { readonly kind: "expire" } | { readonly kind: "move"; readonly storageClass: string };

/** Expiration counts more than a transition, a colder class more than a warmer one (user guide, Conflicts between rules). */
export function lifecycleAction(
  configuration: Members,
  object: ObjectSummary,
  nowMs: number,
): LifecycleAction | undefined {
  const rules = enabledRules(configuration).filter((rule) => covers(filterOf(rule), object));
  const isDue = (action: unknown): boolean => reached(structure(action), "Days", object.modifiedAt, nowMs);
  if (rules.some(({ Expiration }) => elements(Expiration).some(isDue))) return { kind: "expire" };
  const now = rank(object.description["StorageClass"] ?? "STANDARD");
  const ranks = rules
    .filter((rule) => object.sizeBytes >= LEAST_MOVED_BYTES || namesSize(filterOf(rule)))
    .flatMap(({ Transition }) => elements(Transition).filter(isDue))
    .map((each) => rank(structure(each)["StorageClass"]));
  const storageClass = CLASSES[Math.max(-1, ...ranks.filter((each) => each > now))];
  return storageClass === undefined ? undefined : { kind: "move", storageClass };
}

/** Whether an unfinished upload is to be aborted by now. */
export function isUploadOver(configuration: Members, key: string, startedAt: number, nowMs: number): boolean {
  return enabledRules(configuration).some(
    (rule) =>
      key.startsWith(String(filterOf(rule)["Prefix"] ?? "")) &&
      elements(rule["AbortIncompleteMultipartUpload"]).some((each) =>
        reached(structure(each), "DaysAfterInitiation", startedAt, nowMs),
      ),
  );
}

function enabledRules(configuration: Members): Members[] {
  return elements(configuration["Rule"])
    .map(structure)
    .filter(({ Status }) => Status === "Enabled");
}

/** A filter's conditions, wherever they stand. */
function filterOf({ Filter, Prefix }: Members): Members {
  const filter = typeof Filter === "object" && Filter !== null ? (Filter as Members) : {};
  const and = typeof filter["And"] === "object" ? (filter["And"] as Members) : {};
  return { ...(Prefix !== undefined && { Prefix }), ...filter, ...and };
}

/** Objects have no tags here, so a rule for tagged ones covers none. */
function covers(
  { Prefix, Tag, ObjectSizeGreaterThan: least, ObjectSizeLessThan: most }: Members,
  object: ObjectSummary,
): boolean {
  if (Tag !== undefined || !object.key.startsWith(String(Prefix ?? ""))) return false;
  return (
    (least === undefined || object.sizeBytes > Number(least)) && (most === undefined || object.sizeBytes < Number(most))
  );
}

function namesSize({ ObjectSizeGreaterThan, ObjectSizeLessThan }: Members): boolean {
  return ObjectSizeGreaterThan !== undefined || ObjectSizeLessThan !== undefined;
}

/** An age counts up to the next midnight UTC (user guide, Lifecycle rules based on an object's age). */
function reached(action: Members, ageMember: string, sinceMs: number, nowMs: number): boolean {
  if (action["Date"] !== undefined) return nowMs >= Date.parse(String(action["Date"]));
  if (action[ageMember] === undefined) return false;
  return nowMs >= Math.ceil((sinceMs + Number(action[ageMember]) * DAY_MS) / DAY_MS) * DAY_MS;
}

function rank(storageClass: unknown): number {
  return CLASSES.indexOf(String(storageClass));
}
