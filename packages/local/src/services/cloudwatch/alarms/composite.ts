import type { Members } from "../../../kernel/service.ts";
import { invalidValue, notServed } from "../errors.ts";
import { requiredText } from "../input.ts";
import type { AlarmStateValue } from "./decide.ts";

/** The rule of a composite alarm (PutCompositeAlarm, AlarmRule). */
export type CompositeRule =
  | { readonly kind: "state"; readonly state: AlarmStateValue; readonly alarmName: string }
  | { readonly kind: "constant"; readonly value: boolean }
  | { readonly kind: "not"; readonly of: CompositeRule }
  | { readonly kind: "and" | "or"; readonly left: CompositeRule; readonly right: CompositeRule };

const TOKEN =
  /\s*(?:(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"([^"]+)"|'([^']+)'|([^\s()]+))\s*\)|(\bAND\b|\bOR\b|\bNOT\b|\bTRUE\b|\bFALSE\b|[()]))/y;

type Token = { readonly word: string } | { readonly word: "state"; readonly rule: CompositeRule };

const NOT_SERVED = ["ActionsSuppressor", "ActionsSuppressorWaitPeriod", "ActionsSuppressorExtensionPeriod"] as const;

/** Reads the rule of a composite alarm. @throws InvalidParameterValue */
export function readCompositeRule(input: Members): CompositeRule {
  for (const member of NOT_SERVED) if (input[member] !== undefined) throw notServed(`a composite alarm's ${member}`);
  const text = requiredText(input, "AlarmRule");
  const tokens = readTokens(text);
  const rule = readEither(tokens, text);
  if (tokens.length > 0) throw malformed(text);
  return rule;
}

function readTokens(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let at = 0; text.slice(at).trim() !== ""; at = TOKEN.lastIndex) {
    const [found, state, quoted, single, bare, word] = TOKEN.exec(text) ?? [];
    if (found === undefined) throw malformed(text);
    const alarmName = (quoted ?? single ?? bare ?? "").replace(/^arn:aws:cloudwatch:[^:]*:\d*:alarm:/, "");
    if (word !== undefined) tokens.push({ word });
    else tokens.push({ word: "state", rule: { kind: "state", state: state as AlarmStateValue, alarmName } });
  }
  return tokens;
}

function readEither(tokens: Token[], text: string): CompositeRule {
  let left = readBoth(tokens, text);
  while (tokens[0]?.word === "OR") {
    tokens.shift();
    left = { kind: "or", left, right: readBoth(tokens, text) };
  }
  return left;
}

function readBoth(tokens: Token[], text: string): CompositeRule {
  let left = readOne(tokens, text);
  while (tokens[0]?.word === "AND") {
    tokens.shift();
    left = { kind: "and", left, right: readOne(tokens, text) };
  }
  return left;
}

function readOne(tokens: Token[], text: string): CompositeRule {
  const token = tokens.shift();
  if (token && "rule" in token) return token.rule;
  switch (token?.word) {
    case "TRUE":
    case "FALSE":
      return { kind: "constant", value: token.word === "TRUE" };
    case "NOT":
      return { kind: "not", of: readOne(tokens, text) };
    case "(": {
      const inner = readEither(tokens, text);
      if (tokens.shift()?.word !== ")") throw malformed(text);
      return inner;
    }
    default:
      throw malformed(text);
  }
}

function malformed(text: string): Error {
  return invalidValue(`The value '${text}' for parameter AlarmRule is invalid.`);
}

/** Whether a rule holds, by the states of the alarms that it names. */
export function ruleHolds(rule: CompositeRule, stateOf: (alarmName: string) => AlarmStateValue | undefined): boolean {
  switch (rule.kind) {
    case "constant":
      return rule.value;
    case "state":
      return stateOf(rule.alarmName) === rule.state;
    case "not":
      return !ruleHolds(rule.of, stateOf);
    case "and":
      return ruleHolds(rule.left, stateOf) && ruleHolds(rule.right, stateOf);
    case "or":
      return ruleHolds(rule.left, stateOf) || ruleHolds(rule.right, stateOf);
  }
}

/** The alarms that a rule names. */
export function alarmsIn(rule: CompositeRule): readonly string[] {
  switch (rule.kind) {
    case "constant":
      return [];
    case "state":
      return [rule.alarmName];
    case "not":
      return alarmsIn(rule.of);
    case "and":
    case "or":
      return [...alarmsIn(rule.left), ...alarmsIn(rule.right)];
  }
}
