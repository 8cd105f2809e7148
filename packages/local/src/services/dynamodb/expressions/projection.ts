import { remembered } from "../../../kernel/remembered.ts";
import { type AttributeValue, attribute, type Item, setAttribute } from "../values/attribute-value.ts";
import { parsePath } from "./parse-operand.ts";
import { checkPathsApart } from "./paths.ts";
import { readTokens } from "./reader.ts";
import { type Path, resolvePath, type Scope } from "./scope.ts";
import type { RawPath } from "./syntax.ts";

const KIND = "ProjectionExpression";

const parse = remembered(1_000, parseProjection);

/** The paths that a projection expression names. @throws ValidationException as DynamoDB words it */
export function bindProjection(scope: Scope, text: string): readonly Path[] {
  const paths = parse(text).map((raw) => resolvePath(scope, KIND, raw));
  checkPathsApart(KIND, paths);
  return paths;
}

/** The parts of an item that the paths name; lists close up. */
export function project(item: Item, paths: readonly Path[]): Item {
  return projectMap(item, paths, 0) ?? {};
}

function parseProjection(text: string): readonly RawPath[] {
  const reader = readTokens(KIND, text);
  const paths: RawPath[] = [];
  do paths.push(parsePath(reader));
  while (reader.accept(","));
  if (reader.peek().kind !== "end") throw reader.unexpected();
  return paths;
}

function projectMap(map: Item, paths: readonly Path[], depth: number): Item | undefined {
  const projected: Record<string, AttributeValue> = {};
  let found = false;
  for (const [name, inner] of byPart(paths, depth)) {
    const value = projectValue(typeof name === "string" ? attribute(map, name) : undefined, inner, depth + 1);
    if (!value) continue;
    setAttribute(projected, String(name), value);
    found = true;
  }
  return found ? projected : undefined;
}

function projectList(list: readonly AttributeValue[], paths: readonly Path[], depth: number): AttributeValue[] {
  return [...byPart(paths, depth)]
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([position, inner]) =>
      projectValue(typeof position === "number" ? list[position] : undefined, inner, depth + 1),
    )
    .filter((each) => each !== undefined);
}

function projectValue(
  value: AttributeValue | undefined,
  paths: readonly Path[],
  depth: number,
): AttributeValue | undefined {
  if (!value || paths[0]?.length === depth) return value;
  if (value.M) {
    const map = projectMap(value.M, paths, depth);
    return map && { M: map };
  }
  const list = value.L && projectList(value.L, paths, depth);
  return list && list.length > 0 ? { L: list } : undefined;
}

function byPart(paths: readonly Path[], depth: number): Map<string | number, Path[]> {
  return Map.groupBy(paths, (path) => path[depth] as string | number);
}
