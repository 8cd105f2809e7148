import { isMembers } from "../../assembly/read-document.ts";
import type { Members, World } from "../../kernel/service.ts";
import { ServiceError } from "../../kernel/service-error.ts";
import { optionalText } from "../scheduler/input.ts";

/** How deep a detail may be (PutEvents). */
const MOST_LEVELS = 1_100;

/** The JSON of the event of an entry. @throws InvalidArgument, MalformedDetail or NotAuthorizedForSourceException, which fail this entry only */
export function readEvent({ region, accountId }: World, entry: Members, id: string, nowMs: number): string {
  const source = required(entry, "Source");
  const detailType = required(entry, "DetailType");
  const detail = required(entry, "Detail");
  if (source.startsWith("aws.")) {
    throw new ServiceError("NotAuthorizedForSourceException", "Not authorized for the source.");
  }
  if (depthOf(detail) > MOST_LEVELS || !isMembers(parse(detail)))
    throw new ServiceError("MalformedDetail", "Detail is malformed.");
  const outer = JSON.stringify({
    version: "0",
    id,
    "detail-type": detailType,
    source,
    account: accountId,
    time: readTime(entry, nowMs),
    region,
    resources: readResources(entry),
  });
  // The detail goes on as it was written: read and written again, large numbers would change.
  return `${outer.slice(0, -1)},"detail":${detail}}`;
}

/** The size of an entry, bytes (EventBridge user guide, "Calculating PutEvents event entry size"). */
export function entryBytes(entry: Members): number {
  const resources = Array.isArray(entry["Resources"]) ? entry["Resources"] : [];
  return [entry["Source"], entry["DetailType"], entry["Detail"], ...resources].reduce(
    (sum: number, text: unknown) => sum + Buffer.byteLength(String(text ?? "")),
    entry["Time"] === undefined ? 0 : 14,
  );
}

function readTime(entry: Members, nowMs: number): string {
  const given = entry["Time"] ?? undefined;
  const time = new Date(given === undefined ? nowMs : Number(given) * 1_000);
  if (Number.isNaN(time.getTime())) throw invalidArgument("Time", `${JSON.stringify(given)} is no time`);
  return time.toISOString().replace(/\.\d+Z$/, "Z");
}

function readResources(entry: Members): readonly unknown[] {
  const resources = entry["Resources"] ?? [];
  if (Array.isArray(resources) && resources.every((each) => typeof each === "string")) return resources;
  throw invalidArgument("Resources", "it must be a list of texts");
}

function required(entry: Members, name: string): string {
  const value = optionalText(entry, name);
  if (value) return value;
  throw invalidArgument(name, `${name} is a required argument.`);
}

function invalidArgument(name: string, reason: string): ServiceError {
  return new ServiceError("InvalidArgument", `Parameter ${name} is not valid. Reason: ${reason}`);
}

/** How many levels a JSON text has, without reading it: one that is too deep for that is found too. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [part] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[{]|[\]}]/gs)) {
    if (part === "[" || part === "{") deepest = Math.max(deepest, ++depth);
    else if (part === "]" || part === "}") depth -= 1;
  }
  return deepest;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
