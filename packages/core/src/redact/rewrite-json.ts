import { endOfValue } from "./scan-value.ts";

/** A value in a JSON text, or the name of a member. */
export interface JsonPlace {
  readonly kind: "list" | "name" | "object" | "plain";
  /** The name of the member that it is, or stands in; undefined in a list and at the top. */
  readonly name: string | undefined;
  /** How many objects and lists are around it. */
  readonly depth: number;
  /** The names that lead to it, as they were or as they have become; 0 stands for any place in a list. */
  readonly path: (names: "after" | "before") => readonly (string | 0)[];
  /** As it is written. */
  readonly source: () => string;
}

interface Level {
  readonly isObject: boolean;
  before: string;
  after: string;
}

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/gs;

/**
 * Copies a text that is JSON with some of it replaced and all else as it is written, numbers and white space included: `replace` is asked of
 * each name and each value, outer ones first, and gives JSON, or undefined to go on into it. One pass from left to right.
 */
export function rewriteJson(text: string, replace: (place: JsonPlace) => string | undefined): string {
  const tokens = new RegExp(TOKEN);
  const open: Level[] = [];
  let rewritten = "";
  let from = 0;
  let isName = false;
  for (let token = tokens.exec(text); token; token = tokens.exec(text)) {
    const [word] = token;
    const level = open.at(-1);
    if (word === ":" || word === ",") {
      isName = word === "," && level?.isObject === true;
    } else if (word === "}" || word === "]") {
      open.pop();
      isName = false;
    } else {
      const start = token.index;
      const kind: JsonPlace["kind"] = isName ? "name" : kindOf(word);
      const end = (): number => (kind === "list" || kind === "object" ? endOfValue(text, start) : start + word.length);
      if (level && isName) {
        level.before = JSON.parse(word);
        level.after = level.before;
      }
      const instead = replace({
        kind,
        name: level?.isObject ? level.before : undefined,
        depth: open.length,
        path: (names) => open.map((each) => (each.isObject ? each[names] : 0)),
        source: () => text.slice(start, end()),
      });
      if (instead !== undefined) {
        rewritten += text.slice(from, start) + instead;
        from = end();
        tokens.lastIndex = from;
        if (level && isName) level.after = JSON.parse(instead);
      } else if (kind === "list" || kind === "object") {
        open.push({ isObject: kind === "object", before: "", after: "" });
        isName = kind === "object";
      }
    }
  }
  return rewritten + text.slice(from);
}

function kindOf(word: string): JsonPlace["kind"] {
  if (word === "{") return "object";
  return word === "[" ? "list" : "plain";
}
