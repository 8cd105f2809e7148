import { OPERATIONS, type OperationName } from "./operations.ts";
import type { ApiRequests } from "./requests.ts";

/** A request to recovery's API, as any HTTP client sends it. */
export interface OperationRequest {
  readonly method: "GET" | "POST";
  /** From the API's address on, its query included. */
  readonly path: string;
  /** JSON, of a POST. */
  readonly body?: string;
}

/** How an operation is asked for: what its path does not hold is in the query of a GET, and in the body of a POST. */
export function requestOf<Name extends OperationName>(name: Name, input: ApiRequests[Name]): OperationRequest {
  const { path, method } = OPERATIONS[name];
  const given: readonly (readonly [string, unknown])[] = Object.entries(input);
  const rest = given.filter(([field, value]) => value !== undefined && !path.includes(`{${field}}`));
  const filled = path.replace(/\{(\w+)\}/, (_, variable: string) => {
    const [, value] = given.find(([field]) => field === variable) ?? [];
    return encodeURIComponent(String(value));
  });
  if (method === "POST") return { method, path: filled, body: JSON.stringify(Object.fromEntries(rest)) };
  const query = rest.map(([field, value]) => `${field}=${encodeURIComponent(String(value))}`).join("&");
  return { method, path: query === "" ? filled : `${filled}?${query}` };
}
