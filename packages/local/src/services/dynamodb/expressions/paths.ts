import { type ExpressionKind, expressionError } from "./reader.ts";
import { type Path, showPath } from "./scope.ts";

/** @throws ValidationException where two paths of an expression touch the same place */
export function checkPathsApart(kind: ExpressionKind, paths: readonly Path[]): void {
  for (const [position, second] of paths.entries()) {
    for (const first of paths.slice(0, position)) {
      const clash = clashOf(first, second);
      if (!clash) continue;
      throw expressionError(
        kind,
        `Two document paths ${clash} with each other; must remove or rewrite one of these paths; path one: ${showPath(first)}, path two: ${showPath(second)}`,
      );
    }
  }
}

/** One is within the other (`overlap`), or one takes for a list what the other takes for a map (`conflict`). */
function clashOf(first: Path, second: Path): "overlap" | "conflict" | undefined {
  const length = Math.min(first.length, second.length);
  for (let depth = 0; depth < length; depth++) {
    if (typeof first[depth] !== typeof second[depth]) return "conflict";
    if (first[depth] !== second[depth]) return undefined;
  }
  return "overlap";
}
