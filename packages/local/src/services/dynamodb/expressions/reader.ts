import { validationError } from "../request/errors.ts";
import { type Token, tokenize } from "./lexer.ts";
import type { Operand } from "./syntax.ts";

/** The parameter that an expression came in: its errors begin with it. */
export type ExpressionKind =
  | "ConditionExpression"
  | "FilterExpression"
  | "KeyConditionExpression"
  | "ProjectionExpression"
  | "UpdateExpression";

/** The longest expression, bytes (developer guide, "Service quotas: Expression parameters"). */
const LONGEST_EXPRESSION_BYTES = 4096;

/** Words of the expressions' own grammar. */
const KEYWORDS: ReadonlySet<string> = new Set(["AND", "OR", "NOT", "BETWEEN", "IN", "SET", "REMOVE", "ADD", "DELETE"]);

/** What PartiQL adds to the grammar of expressions. */
export interface Dialect {
  /** Words that are no names unless they are quoted, in upper case. */
  readonly reserved: ReadonlySet<string>;
  /** Parses a literal where one stands; otherwise undefined, with nothing read. */
  readonly literal: (reader: Reader) => Operand | undefined;
}

/** Reads tokens one by one. */
export interface Reader {
  readonly dialect: Dialect | undefined;
  peek(ahead?: number): Token;
  next(): Token;
  /** Takes the next token if it is this symbol or keyword (keywords in any case). */
  accept(text: string): boolean;
  /** @throws ValidationException where the next token is another one */
  expect(text: string): void;
  /** Whether the next token is this symbol or keyword. */
  at(text: string): boolean;
  /** Whether the next token is a word of the grammar. */
  atKeyword(): boolean;
  /** A syntax error at the next token. */
  unexpected(): Error;
  /** Set by a parser that finds parentheses in parentheses; refused once the syntax is known to be right. */
  redundantParentheses: boolean;
}

/** An error in an expression, worded as DynamoDB words it. */
export function expressionError(kind: ExpressionKind, message: string): Error {
  return validationError(`Invalid ${kind}: ${message}`);
}

/** Opens an expression for reading. @throws ValidationException where it is empty or too long */
export function readTokens(kind: ExpressionKind, text: string): Reader {
  const tokens = tokenize(text);
  if (tokens.length === 1) throw expressionError(kind, "The expression can not be empty;");
  if (Buffer.byteLength(text) > LONGEST_EXPRESSION_BYTES) {
    throw expressionError(
      kind,
      `Expression size has exceeded the maximum allowed size; expression size: ${Buffer.byteLength(text)}`,
    );
  }
  return tokenReader(tokens, undefined, (position) => {
    const token = tokens[position] as Token;
    const start = (tokens[position - 1] ?? token).start;
    const near = text.slice(start, (tokens[position + 1] ?? token).end);
    return expressionError(kind, `Syntax error; token: "${token.text}", near: "${near}"`);
  });
}

/** Reads tokens that end with an `end`; `unexpected` words the syntax error at a position. */
export function tokenReader(
  tokens: readonly Token[],
  dialect: Dialect | undefined,
  unexpected: (position: number) => Error,
): Reader {
  let position = 0;
  const peek = (ahead = 0): Token => tokens[Math.min(position + ahead, tokens.length - 1)] as Token;
  const isWord = ({ kind }: Token): boolean => kind === "name" || kind === "symbol";
  const at = (wanted: string): boolean => isWord(peek()) && peek().text.toUpperCase() === wanted;
  const next = (): Token => {
    const token = peek();
    position++;
    return token;
  };
  const accept = (wanted: string): boolean => at(wanted) && next() !== undefined;
  return {
    dialect,
    redundantParentheses: false,
    peek,
    next,
    at,
    atKeyword: () => peek().kind === "name" && KEYWORDS.has(peek().text.toUpperCase()),
    accept,
    unexpected: () => unexpected(Math.min(position, tokens.length - 1)),
    expect: (wanted) => {
      if (!accept(wanted)) throw unexpected(Math.min(position, tokens.length - 1));
    },
  };
}
