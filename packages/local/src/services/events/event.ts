import { isMembers } from "../../assembly/read-document.ts";
import type { Members, World } from "../../kernel/service.ts";
import { ServiceError } from "../../kernel/service-error.ts";
import { optionalText } from "../scheduler/input.ts";

/** Reads the detail of an entry. @throws InvalidArgument, MalformedDetail or NotAuthorizedForSourceException, which fail this entry only */
export function readEvent({ region, accountId }: World, entry: Members, id: string, nowMs: number): string {
  const source = required(entry, "Source");
  const detailType = required(entry, "DetailType");
  const detail = required(entry, "Detail");
  if (source.startsWith("aws.")) {
    throw new ServiceError("NotAuthorizedForSourceException", "Not authorized for the source.");
  }
  if (!isMembers(parse(detail))) throw new ServiceError("MalformedDetail", "Detail is malformed.");
  const time = typeof entry["Time"] === "number" ? entry["Time"] * 1_000 : nowMs;
  const outer = JSON.stringify({
    version: "0",
    id,
    "detail-type": detailType,
    source,
    account: accountId,
    time: `${new Date(time).toISOString().slice(0, 19)}Z`,
    region,
    resources: entry["Resources"] ?? [],
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

function required(entry: Members, name: string): string {
  const value = optionalText(entry, name);
  if (value) return value;
  const message = `Parameter ${name} is not valid. Reason: ${name} is a required argument.`;
  throw new ServiceError("InvalidArgument", message);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
