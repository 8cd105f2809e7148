import { validationError } from "../request/errors.ts";
import { type Token, tokenize } from "./lexer.ts";

/** The parameter that an expression came in: its errors begin with it. */
export type ExpressionKind =
  | "ConditionExpression"
  | "FilterExpression"
  | "KeyConditionExpression"
  | "ProjectionExpression"
  | "UpdateExpression";

/** The longest expression, bytes (developer guide, "Service quotas: Expression parameters"). */
const LONGEST_EXPRESSION_BYTES = 4096;

/** Reads an expression token by token. */
export interface Reader {
  peek(ahead?: number): Token;
  next(): Token;
  /** Takes the next token if it is this symbol or keyword (keywords in any case). */
  accept(text: string): boolean;
  /** @throws ValidationException where the next token is another one */
  expect(text: string): void;
  /** Whether the next token is this symbol or keyword. */
  at(text: string): boolean;
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
  let position = 0;
  const peek = (ahead = 0): Token => tokens[Math.min(position + ahead, tokens.length - 1)] as Token;
  const at = (wanted: string): boolean => peek().kind !== "end" && peek().text.toUpperCase() === wanted;
  const unexpected = (): Error => {
    const { text: token, end } = peek();
    const start = (tokens[position - 1] ?? peek()).start;
    const near = text.slice(start, (tokens[position + 1] ?? { end }).end);
    return expressionError(kind, `Syntax error; token: "${token}", near: "${near}"`);
  };
  const next = (): Token => {
    const token = peek();
    position++;
    return token;
  };
  const accept = (wanted: string): boolean => at(wanted) && next() !== undefined;
  return {
    redundantParentheses: false,
    peek,
    next,
    at,
    accept,
    unexpected,
    expect: (wanted) => {
      if (!accept(wanted)) throw unexpected();
    },
  };
}
