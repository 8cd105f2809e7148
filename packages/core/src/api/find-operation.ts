import { OPERATIONS, type Operation, type OperationName } from "./operations.ts";

/** What a request asks for. */
export type FoundOperation =
  | { readonly kind: "found"; readonly name: OperationName; readonly params: Readonly<Record<string, string>> }
  /** The path is there, under other methods. */
  | { readonly kind: "method"; readonly allowed: readonly string[] }
  | { readonly kind: "none" };

/** The operation of a method and a decoded path. A path without variables goes before one with. */
export function findOperation(method: string, path: string): FoundOperation {
  const fits = (Object.entries(OPERATIONS) as [OperationName, Operation][])
    .flatMap(([name, operation]) => {
      const params = matchPath(operation.path, path);
      return params ? [{ name, operation, params }] : [];
    })
    .toSorted((left, right) => Object.keys(left.params).length - Object.keys(right.params).length);
  const found = fits.find(({ operation }) => operation.method === method);
  if (found) return { kind: "found", name: found.name, params: found.params };
  const allowed = [...new Set(fits.map(({ operation }) => operation.method))];
  return allowed.length > 0 ? { kind: "method", allowed } : { kind: "none" };
}

/** A variable is a path's last part, and takes all that is left. */
function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const start = pattern.indexOf("{");
  if (start < 0) return pattern === path ? {} : undefined;
  const value = path.slice(start);
  return path.startsWith(pattern.slice(0, start)) && value !== ""
    ? { [pattern.slice(start + 1, -1)]: value }
    : undefined;
}
