import { malformedQuery } from "./errors.ts";

/** A part of a query. */
interface Token {
  readonly kind: "expression" | "number" | "sign" | "text" | "word";
  /** Without quotes and slashes. */
  readonly text: string;
  /** Where it stands. */
  readonly from: number;
  readonly until: number;
}

const TOKENS =
  /(?:\s|#[^\n]*)*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(\d+(?:\.\d+)?(?![\w.]))|(\d+[a-z]+|[A-Za-z_@][\w@.-]*|`[^`]+`)|([<>!]=|=~|[-+*/%^=<>(),|[\]]))/y;

const EXPRESSION = /\s*\/((?:[^/\\\n]|\\.)+)\//y;

/** A query's tokens, read from its front. */
export interface Tokens {
  /** Takes the next token where it is such a sign or word; words count in any case. */
  take(text: string): boolean;
  /** Whether the next token is such a sign or word. */
  at(text: string): boolean;
  /** Takes the next token where it is of a kind. */
  takeKind(...kinds: readonly Token["kind"][]): Token | undefined;
  /** @throws MalformedQueryException where there is none of the kind */
  expect(what: string, ...kinds: readonly Token["kind"][]): Token;
  /** What the query says from a token's place until the last one that was taken. */
  said(from: number): string;
  readonly place: number;
  readonly ended: boolean;
  /** @throws MalformedQueryException always: what was expected here */
  refuse(what: string): never;
}

/** Splits a query, comments left out. @throws MalformedQueryException where a part is none */
export function readTokens(query: string): Tokens {
  const tokens = split(query);
  let next = 0;
  const isNext = (text: string): boolean => {
    const token = tokens[next];
    return (token?.kind === "sign" || token?.kind === "word") && token.text.toLowerCase() === text;
  };
  const refuse = (what: string): never => {
    throw malformedQuery(`it needs ${what} where it has ${tokens[next]?.text ?? "its end"}`);
  };
  const takeKind = (...kinds: readonly Token["kind"][]): Token | undefined => {
    const token = tokens[next];
    if (!token || !kinds.includes(token.kind)) return undefined;
    next++;
    return token;
  };
  return {
    at: isNext,
    take: (text) => {
      if (!isNext(text)) return false;
      next++;
      return true;
    },
    takeKind,
    expect: (what, ...kinds) => takeKind(...kinds) ?? refuse(what),
    said: (from) => query.slice(from, tokens[next - 1]?.until),
    get place() {
      return tokens[next]?.from ?? query.length;
    },
    get ended() {
      return next === tokens.length;
    },
    refuse,
  };
}

function split(query: string): readonly Token[] {
  const text = query.replace(/(?:\s|#[^\n]*)+$/, "");
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; at = tokens.at(-1)?.until ?? text.length)
    tokens.push(readToken(text, at, tokens.at(-1)));
  return tokens;
}

function readToken(text: string, at: number, before: Token | undefined): Token {
  const isPattern = before?.text.toLowerCase() === "like" || before?.text === "=~";
  const pattern = isPattern ? matchAt(EXPRESSION, text, at) : undefined;
  if (pattern) return placed("expression", pattern[1] ?? "", pattern);
  const found = matchAt(TOKENS, text, at);
  if (!found) throw malformedQuery(`${text.slice(at, at + 20).trim()} cannot be read`);
  const [, double, single, number, word, sign = ""] = found;
  const quoted = double ?? single;
  if (quoted !== undefined) return placed("text", quoted.replace(/\\(.)/g, "$1"), found);
  if (number !== undefined) return placed("number", number, found);
  if (word !== undefined) return placed("word", word.replaceAll("`", ""), found);
  return placed("sign", sign, found);
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

function placed(kind: Token["kind"], text: string, { 0: whole, index }: RegExpExecArray): Token {
  const skipped = /^(?:\s|#[^\n]*)*/.exec(whole)?.[0].length ?? 0;
  return { kind, text, from: index + skipped, until: index + whole.length };
}
