import type { Route } from "./http-api.ts";

/** A route, and what its path variables stand for in a request. */
export interface RouteMatch {
  readonly route: Route;
  readonly pathParameters: Readonly<Record<string, string>>;
}

interface Candidate extends RouteMatch {
  /** One character a part of the path, then one for the method: what sorts first is the more specific. */
  readonly rank: string;
}

/**
 * The route of a request: the most specific one that fits, `$default` where none does
 * (HTTP API developer guide, Create routes: full matches before greedy path variables before `$default`).
 * @param path decoded, from its first slash
 */
export function findRoute(routes: readonly Route[], method: string, path: string): RouteMatch | undefined {
  const given = path.split("/").slice(1);
  const candidates = routes.flatMap((route) => matchRoute(route, method, given) ?? []);
  const [best] = candidates.sort((a, b) => (a.rank < b.rank ? -1 : 1));
  if (best) return best;
  const fallback = routes.find(({ key }) => key === "$default");
  return fallback && { route: fallback, pathParameters: {} };
}

const STATIC = "0";
const VARIABLE = "1";
const GREEDY = "2";

function matchRoute(route: Route, method: string, given: readonly string[]): Candidate | undefined {
  const [wantedMethod, pattern] = route.key.split(" ");
  if (pattern === undefined || (wantedMethod !== "ANY" && wantedMethod !== method)) return undefined;
  const wanted = pattern.split("/").slice(1);
  const pathParameters: Record<string, string> = {};
  let rank = "";
  for (const [index, part] of wanted.entries()) {
    const value = given[index];
    const { name, greedy } = /^\{(?<name>[^+}]+)(?<greedy>\+?)\}$/.exec(part)?.groups ?? {};
    if (value === undefined || (name !== undefined && value === "")) return undefined;
    if (name === undefined && part !== value) return undefined;
    if (name !== undefined) pathParameters[name] = greedy ? given.slice(index).join("/") : value;
    rank += name === undefined ? STATIC : greedy ? GREEDY : VARIABLE;
    if (greedy) return { route, pathParameters, rank: rank + methodRank(wantedMethod) };
  }
  return wanted.length === given.length ? { route, pathParameters, rank: rank + methodRank(wantedMethod) } : undefined;
}

function methodRank(method: string | undefined): string {
  return method === "ANY" ? "1" : "0";
}
