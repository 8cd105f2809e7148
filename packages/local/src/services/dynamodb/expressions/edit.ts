import { validationError } from "../request/errors.ts";
import { type AttributeValue, type Item, setAttribute } from "../values/attribute-value.ts";
import type { Path } from "./scope.ts";

/** A new value at a path; undefined: nothing stays there. */
export interface Edit {
  readonly path: Path;
  readonly value: AttributeValue | undefined;
}

/** Carries out edits that do not touch each other. List positions are those of the list as it was. @throws ValidationException */
export function editItem(item: Item, edits: readonly Edit[]): Item {
  return editMap(item, edits, 0);
}

function editMap(map: Item, edits: readonly Edit[], depth: number): Item {
  const edited: Record<string, AttributeValue> = { ...map };
  for (const [name, inner] of byPart(edits, depth)) {
    if (typeof name !== "string") throw invalidPath();
    const value = editValue(Object.hasOwn(map, name) ? map[name] : undefined, inner, depth + 1);
    if (value) setAttribute(edited, name, value);
    else delete edited[name];
  }
  return edited;
}

function editList(list: readonly AttributeValue[], edits: readonly Edit[], depth: number): readonly AttributeValue[] {
  const edited: (AttributeValue | undefined)[] = [...list];
  const positions = [...byPart(edits, depth)].sort(([a], [b]) => Number(a) - Number(b));
  for (const [position, inner] of positions) {
    if (typeof position !== "number") throw invalidPath();
    const value = editValue(list[position], inner, depth + 1);
    if (position < list.length) edited[position] = value;
    else edited.push(value);
  }
  return edited.filter((each) => each !== undefined);
}

function editValue(
  value: AttributeValue | undefined,
  edits: readonly Edit[],
  depth: number,
): AttributeValue | undefined {
  const [first] = edits;
  if (first?.path.length === depth) return first.value;
  if (value?.M && typeof first?.path[depth] === "string") return { M: editMap(value.M, edits, depth) };
  if (value?.L && typeof first?.path[depth] === "number") return { L: editList(value.L, edits, depth) };
  throw invalidPath();
}

function byPart(edits: readonly Edit[], depth: number): Map<string | number, Edit[]> {
  return Map.groupBy(edits, ({ path }) => path[depth] as string | number);
}

function invalidPath(): Error {
  return validationError("The document path provided in the update expression is invalid for update");
}
