import { canonicalNumber } from "../values/number.ts";
import type { Answer } from "./endpoint.ts";
import type { Request } from "./random-requests.ts";

/** Messages that AWS and DynamoDB Local word alike: those of the expressions, and of conditions. */
const SAME_WORDS = /^Invalid \w+Expression: |unused in expressions|conditional request|^An operand in the update/;

/**
 * DynamoDB Local names other paths than those that clash, and shows bounds as they were written;
 * of several faults in one update it may name another one.
 */
const OTHER_WORDS =
  /Two document paths|BETWEEN operator requires|operand type: |^The document path|^The provided expression/;

/** Both sides' outcomes, as far as they must be the same: the answer without what has no order, or the error. */
export function outcomesOf(request: Request, local: Answer, ours: Answer): readonly [unknown, unknown] {
  if (local.status !== 200 && isMisfit(ours)) return ["refused", "refused"];
  const messages = [local, ours].map(({ body }) => messageOf(body));
  const words = messages.every((each) => SAME_WORDS.test(each) && !OTHER_WORDS.test(each));
  return [outcomeOf(request, local, words), outcomeOf(request, ours, words)];
}

/** A value with its members in the order of their names, its sets in one order, and its numbers in one form. */
export function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return members.map(([name, each]) => [name, canonicalMember(name, each)]);
}

function canonicalMember(name: string, value: unknown): unknown {
  if (name === "N" && typeof value === "string") return canonicalNumber(value);
  if (name === "NS" && Array.isArray(value)) return value.map((each) => canonicalNumber(String(each))).sort();
  if ((name === "SS" || name === "BS") && Array.isArray(value)) return value.toSorted();
  return canonical(value);
}

function outcomeOf({ action, input }: Request, { status, body }: Answer, words: boolean): unknown {
  if (status !== 200) return errorOf(body, words);
  const { ConsumedCapacity: _, ...rest } = body;
  if (action === "Query" && input["IndexName"] === undefined) return canonical(rest);
  if (action === "BatchGetItem") {
    const responses = Object.entries(body["Responses"] as Record<string, unknown[]>);
    return responses.map(([table, items]) => [table, unordered(items)]);
  }
  // Items of one index key have no order among each other, and a scan has none at all.
  return canonical({ ...rest, ...(Array.isArray(rest["Items"]) && { Items: unordered(rest["Items"]) }) });
}

function unordered(items: readonly unknown[]): readonly string[] {
  return items.map((each) => JSON.stringify(canonical(each))).sort();
}

function errorOf(body: Record<string, unknown>, words: boolean): unknown {
  const code = String(body["__type"])
    .replace(/^.*#/, "")
    .replace(/^DuplicateItem$/, "DuplicateItemException");
  const reasons = reasonsOf(body)?.map((each) => [each.Code, canonical(each.Item)]);
  if (reasons) return { code, reasons };
  return { code, item: canonical(body["Item"]), ...(words && { message: messageOf(body) }) };
}

/** AWS cancels a transaction whose update does not fit the item; DynamoDB Local refuses the request. */
function isMisfit({ body }: Answer): boolean {
  return reasonsOf(body)?.some((each) => each.Code === "ValidationError") ?? false;
}

function reasonsOf(body: Record<string, unknown>): readonly { Code: string; Item?: unknown }[] | undefined {
  return body["CancellationReasons"] as { Code: string; Item?: unknown }[] | undefined;
}

function messageOf(body: Record<string, unknown>): string {
  return String(body["message"] ?? body["Message"] ?? "");
}
