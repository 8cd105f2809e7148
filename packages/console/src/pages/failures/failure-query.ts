import type { PropertyFilterProps } from "@cloudscape-design/components/property-filter";
import { type ApiRequests, OPERATIONS } from "@reliq/core/recovery";

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

/** Which failures are shown. */
export type FailureQuery = ApiRequests["list-failures"];

/** The properties, for the filter. */
export const FILTERING_PROPERTIES: readonly PropertyFilterProps.FilteringProperty[] = PROPERTIES.map(
  ({ key, label, plural }) => ({
    key,
    propertyLabel: label,
    groupValuesLabel: plural,
    operators: ["="],
  }),
);

/** The values that are known before anything is read. */
export function filteringOptions(queues: readonly string[]): readonly PropertyFilterProps.FilteringOption[] {
  const { fields } = OPERATIONS["list-failures"];
  const fixed = ["state", "category", "cause"].flatMap((key) =>
    (fields[key]?.values ?? []).map((value) => ({ propertyKey: key, value })),
  );
  return [...queues.map((value) => ({ propertyKey: "queue", value })), ...fixed];
}

/** What an address asks for. */
export function readQuery(query: URLSearchParams): FailureQuery {
  const names = [...PROPERTIES.map(({ key }) => key), "fromMs", "toMs"];
  return Object.fromEntries(names.flatMap((name) => (query.has(name) ? [[name, query.get(name)]] : [])));
}

/** The filter's tokens of what is asked for. */
export function tokensOf(asked: FailureQuery): readonly PropertyFilterProps.Token[] {
  return PROPERTIES.flatMap(({ key }) => {
    const value = asked[key];
    return value === undefined ? [] : [{ propertyKey: key, operator: "=", value }];
  });
}

/** What tokens ask for: of two of one property, the later. A text without a property is the name of an error. */
export function askedBy(tokens: readonly PropertyFilterProps.Token[]): Readonly<Record<string, string>> {
  return Object.fromEntries(tokens.map(({ propertyKey = "errorName", value }) => [propertyKey, String(value).trim()]));
}
