import type { PropertyFilterProps } from "@cloudscape-design/components/property-filter";
import { type ApiRequests, OPERATIONS } from "@reliq/core/recovery";
import { formatTime, readTime } from "../../format/time.ts";

/** What failures can be filtered by, as the page's address and the API name it. */
const PROPERTIES = [
  { key: "queue", label: "Queue", plural: "Queues" },
  { key: "state", label: "State", plural: "States" },
  { key: "category", label: "Category", plural: "Categories" },
  { key: "cause", label: "Cause of death", plural: "Causes of death" },
  { key: "errorName", label: "Error", plural: "Errors" },
  { key: "fingerprint", label: "Fingerprint", plural: "Fingerprints" },
  { key: "messageGroup", label: "Message group", plural: "Message groups" },
] as const;

/** The time of the first capture is filtered by from when on and before when: each is a name of the API. */
const CAPTURED = "captured";
const BOUNDS = [
  { name: "fromMs", operator: ">=" },
  { name: "toMs", operator: "<" },
] as const;

const MINUTE_MS = 60_000;

/** Times that are proposed, by how long ago they are. */
const AGO: readonly (readonly [says: string, minutes: number])[] = [
  ["15 minutes ago", 15],
  ["1 hour ago", 60],
  ["6 hours ago", 6 * 60],
  ["1 day ago", 24 * 60],
  ["7 days ago", 7 * 24 * 60],
  ["30 days ago", 30 * 24 * 60],
];

/** Which failures are shown. */
export type FailureQuery = ApiRequests["list-failures"];

/** The properties, for the filter. */
export const FILTERING_PROPERTIES: readonly PropertyFilterProps.FilteringProperty[] = [
  ...PROPERTIES.map(({ key, label, plural }) => ({
    key,
    propertyLabel: label,
    groupValuesLabel: plural,
    operators: ["="] as const,
  })),
  {
    key: CAPTURED,
    propertyLabel: "Captured",
    groupValuesLabel: "Times, UTC: 2026-01-31 12:00",
    defaultOperator: ">=",
    operators: BOUNDS.map(({ operator }) => operator),
  },
];

/** The values that are known before anything is read; times go by the region's. */
export function filteringOptions(
  queues: readonly string[],
  nowMs: number,
): readonly PropertyFilterProps.FilteringOption[] {
  const { fields } = OPERATIONS["list-failures"];
  const fixed = ["state", "category", "cause"].flatMap((key) =>
    (fields[key]?.values ?? []).map((value) => ({ propertyKey: key, value })),
  );
  const minute = Math.floor(nowMs / MINUTE_MS);
  const times = AGO.map(([says, minutes]) => ({
    propertyKey: CAPTURED,
    value: formatTime((minute - minutes) * MINUTE_MS),
    tags: [says],
  }));
  return [...queues.map((value) => ({ propertyKey: "queue", value })), ...fixed, ...times];
}

/** What an address asks for; a time that is none is asked for as it stands, and refused by the API. */
export function readQuery(query: URLSearchParams): FailureQuery {
  const texts = PROPERTIES.flatMap(({ key }) => (query.has(key) ? [[key, query.get(key)]] : []));
  const times = BOUNDS.flatMap(({ name }) => {
    const text = query.get(name);
    if (text === null) return [];
    const ms = /^\d+$/.test(text) ? Number(text) : readTime(text);
    return [[name, Number.isNaN(ms) ? text : ms]];
  });
  return Object.fromEntries([...texts, ...times]);
}

/** What is asked for, as an address says it: times as a person can read them. */
export function addressOf(asked: FailureQuery): Readonly<Record<string, string | undefined>> {
  const texts = PROPERTIES.map(({ key }) => [key, asked[key]]);
  const times = BOUNDS.map(({ name }) => [name, asked[name] === undefined ? undefined : isoText(asked[name])]);
  return Object.fromEntries([...texts, ...times]);
}

/** The filter's tokens of what is asked for. */
export function tokensOf(asked: FailureQuery): readonly PropertyFilterProps.Token[] {
  const texts = PROPERTIES.flatMap(({ key }) => {
    const value = asked[key];
    return value === undefined ? [] : [{ propertyKey: key, operator: "=" as const, value }];
  });
  const times = BOUNDS.flatMap(({ name, operator }) => {
    const ms = asked[name];
    return ms === undefined ? [] : [{ propertyKey: CAPTURED, operator, value: timeText(ms) }];
  });
  return [...texts, ...times];
}

/** What tokens ask for: of two of one property, the later. A text without a property is the name of an error. */
export function askedBy(tokens: readonly PropertyFilterProps.Token[]): FailureQuery {
  const address = tokens.map(({ propertyKey = "errorName", operator, value }) => {
    const bound = BOUNDS.find((each) => propertyKey === CAPTURED && each.operator === operator);
    return [bound?.name ?? propertyKey, String(value).trim()];
  });
  return readQuery(new URLSearchParams(Object.fromEntries(address)));
}

/** A text that is no time is shown as it is. */
function timeText(ms: number): string {
  return Number.isFinite(ms) ? formatTime(ms) : String(ms);
}

function isoText(ms: number): string {
  return Number.isFinite(ms) ? new Date(ms).toISOString().replace(".000Z", "Z") : String(ms);
}
