/** One token of an expression, with its place in the text. */
export interface Token {
  /** `name`: an attribute, function or keyword; `alias`: `#name`; `value`: `:name`; `string`: of PartiQL only; `symbol`: any other. */
  readonly kind: "name" | "alias" | "value" | "number" | "string" | "symbol" | "end";
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const TOKEN = /\s+|([A-Za-z][A-Za-z0-9_]*)|(#[A-Za-z0-9_]+)|(:[A-Za-z0-9_]+)|(\d+)|(<>|<=|>=|.)/gsy;
const KINDS = ["name", "alias", "value", "number", "symbol"] as const;

/** Cuts an expression into tokens; the last one is always `end`. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(TOKEN)) {
    const group = match.slice(1).findIndex((each) => each !== undefined);
    const kind = KINDS[group];
    if (kind) tokens.push({ kind, text: match[0], start: match.index, end: match.index + match[0].length });
  }
  return [...tokens, { kind: "end", text: "<EOF>", start: text.length, end: text.length }];
}
