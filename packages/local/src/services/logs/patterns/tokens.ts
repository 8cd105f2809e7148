import { invalidPattern } from "../errors.ts";

/** A part of a JSON pattern or a pattern of fields. */
export interface Token {
  readonly kind: "expression" | "phrase" | "sign" | "word";
  /** Without the quotes of a phrase. */
  readonly text: string;
}

const TOKENS =
  /\s*(?:"((?:[^"\\]|\\.)*)"|(%[^%]+%)|(&&|\|\||[<>!]=|[=<>(),])|(\$?(?:\[(?:'[^']*'|\*|\d+)\]|[^\s"%&|=<>!(),[\]])+))/y;

/** A pattern's tokens, read from its front. */
export interface Tokens {
  /** Takes the next token where it is such a sign or word; words of the language count in any case. */
  take(text: string): boolean;
  /** @throws InvalidParameterException where there is none of the kind */
  expect(what: string, ...kinds: readonly Token["kind"][]): Token;
  /** Whether the next token is such a sign, or there is none. */
  at(sign: string): boolean;
  readonly ended: boolean;
  /** @throws InvalidParameterException always: what was expected here */
  refuse(what: string): never;
}

/** Splits the inside of a pattern. @throws InvalidParameterException where a part is none */
export function readTokens(pattern: string, inside: string): Tokens {
  const tokens = split(pattern, inside);
  let next = 0;
  const refuse = (what: string): never => {
    throw invalidPattern(pattern, `it needs ${what} where it has ${tokens[next]?.text ?? "its end"}`);
  };
  return {
    take: (text) => {
      const token = tokens[next];
      const fits = (token?.kind === "sign" || token?.kind === "word") && token.text.toUpperCase() === text;
      if (fits) next++;
      return fits;
    },
    expect: (what, ...kinds) => {
      const token = tokens[next];
      if (!token || !kinds.includes(token.kind)) return refuse(what);
      next++;
      return token;
    },
    at: (sign) => next === tokens.length || (tokens[next]?.kind === "sign" && tokens[next]?.text === sign),
    get ended() {
      return next === tokens.length;
    },
    refuse,
  };
}

function split(pattern: string, inside: string): readonly Token[] {
  const text = inside.trimEnd();
  const tokens: Token[] = [];
  TOKENS.lastIndex = 0;
  for (let at = 0; at < text.length; at = TOKENS.lastIndex) {
    const found = TOKENS.exec(text);
    if (!found) throw invalidPattern(pattern, `${text.slice(at, at + 20)} cannot be read`);
    const [, phrase, expression, sign, word = ""] = found;
    if (phrase !== undefined) tokens.push({ kind: "phrase", text: phrase.replace(/\\(.)/g, "$1") });
    else if (expression !== undefined) tokens.push({ kind: "expression", text: expression });
    else if (sign !== undefined) tokens.push({ kind: "sign", text: sign });
    else tokens.push({ kind: "word", text: word });
  }
  return tokens;
}
