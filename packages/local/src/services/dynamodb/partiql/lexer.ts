import type { Token } from "../expressions/lexer.ts";

/** A statement's tokens. Quoted names stand as aliases. */
export interface LexedStatement {
  readonly tokens: readonly Token[];
  /** The quoted names by alias. */
  readonly names: ReadonlyMap<string, string>;
}

const TOKEN =
  /\s+|([A-Za-z_][A-Za-z0-9_]*)|("(?:[^"]|"")*")|('(?:[^']|'')*')|(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|(<<|>>|<>|!=|<=|>=|.)/gsy;

/** Cuts a PartiQL statement into tokens; the last one is always `end`. */
export function lexStatement(text: string): LexedStatement {
  const names = new Map<string, string>();
  const tokens: Token[] = [];
  for (const match of text.matchAll(TOKEN)) {
    const [whole, name, quoted, string, number, symbol] = match;
    const place = { start: match.index, end: match.index + whole.length };
    if (name) tokens.push({ kind: "name", text: name, ...place });
    else if (number) tokens.push({ kind: "number", text: number, ...place });
    else if (string) tokens.push({ kind: "string", text: string.slice(1, -1).replaceAll("''", "'"), ...place });
    else if (symbol) tokens.push({ kind: "symbol", text: symbol === "!=" ? "<>" : symbol, ...place });
    else if (quoted) {
      const alias = `#${names.size}`;
      names.set(alias, quoted.slice(1, -1).replaceAll('""', '"'));
      tokens.push({ kind: "alias", text: alias, ...place });
    }
  }
  return { tokens: [...tokens, { kind: "end", text: "<EOF>", start: text.length, end: text.length }], names };
}
