import { CATEGORY_TRAITS } from "../classify/category.ts";
import type { CauseOfDeath } from "../classify/cause-of-death.ts";
import { describeValue } from "../classify/thrown.ts";
import { ReliqError } from "../errors.ts";
import { CONDITIONS } from "./condition.ts";
import type { Policy, PolicyAction, PolicyCondition, PolicyRule } from "./policy.ts";

/** What is wrong in a policy, and where: `["rules", 2, "when", "category"]`. */
export interface PolicyProblem {
  readonly path: readonly (string | number)[];
  readonly problem: string;
}

type Check = (value: unknown) => string | undefined;
type Checks<T> = Readonly<Record<keyof Required<T>, Check>>;
type Path = PolicyProblem["path"];

const CAUSES: Readonly<Record<CauseOfDeath, true>> = {
  crashed: true,
  "skipped-behind-sibling": true,
  threw: true,
  "throttled-never-ran": true,
  "timed-out": true,
  unknown: true,
  "visibility-expired": true,
};

const ENDS: readonly PolicyAction[] = ["heal", "repair", "archive", "hold"];
const ACTIONS: readonly PolicyAction[] = [...ENDS, "alert"];

const CONDITION_CHECKS: Checks<PolicyCondition> = {
  category: someOf(Object.keys(CATEGORY_TRAITS)),
  cause: someOf(Object.keys(CAUSES)),
  severity: someOf(["critical", "error", "warning"]),
  retryable: (value) => (typeof value === "boolean" ? undefined : "true or false"),
  queue: texts,
  errorName: texts,
  messageIncludes: texts,
  ageSeconds: bounds,
  heals: bounds,
  deaths: bounds,
  groupDeaths: bounds,
};

const RULE_CHECKS: Checks<PolicyRule> = {
  name: (value) =>
    typeof value === "string" && /^[\w. -]{1,80}$/.test(value)
      ? undefined
      : "1 to 80 letters, digits, spaces, '-', '_' or '.'",
  when: (value) => (isRecord(value) ? undefined : `conditions, of ${CONDITIONS.join(", ")}; {} matches everything`),
  then: actions,
  repair: optional((value) =>
    typeof value === "string" && value !== "" ? undefined : "the name of a registered repair",
  ),
  backoff: optional(backoff),
  maxHeals: optional(whole(0, 1_000)),
};

const POLICY_CHECKS: Checks<Policy> = {
  rules: (value) => (Array.isArray(value) && value.length <= 200 ? undefined : "a list of at most 200 rules"),
  otherwise: optional(actions),
  maxHeals: optional(whole(0, 1_000)),
  exhausted: optional(
    (value) => actions(value) ?? (hasHeal(value) ? "archive or hold, since healing has ended" : undefined),
  ),
  backoff: optional(backoff),
  budget: optional(budget),
  onArchive: optional((value) => (value === "hold" || value === "skip" ? undefined : '"hold" or "skip"')),
  groupLimit: optional((value) => {
    const { messages, seconds, ...rest } = (value ?? {}) as Readonly<Record<string, unknown>>;
    const fits = whole(1, 1_000_000)(messages) === undefined && whole(60, 31_622_400)(seconds) === undefined;
    return fits && Object.keys(rest).length === 0 ? undefined : "{ messages: 1 to 1000000, seconds: 60 to 31622400 }";
  }),
  secondApproval: optional((value) => {
    const {
      redrivesAbove = 0,
      editsAbove = 0,
      withinSeconds = 60,
      ...rest
    } = (isRecord(value) ? value : { value }) as Readonly<Record<string, unknown>>;
    const fits = [redrivesAbove, editsAbove].every((each) => whole(0, 1_000_000)(each) === undefined);
    return fits && whole(60, 1_209_600)(withinSeconds) === undefined && Object.keys(rest).length === 0
      ? undefined
      : "{ redrivesAbove: 0 to 1000000, editsAbove: 0 to 1000000, withinSeconds: 60 to 1209600 }";
  }),
  alertWindowSeconds: optional(whole(60, 604_800)),
};

/** Everything that is wrong in a policy, in its order; empty where nothing is. */
export function policyProblems(value: unknown): readonly PolicyProblem[] {
  if (!isRecord(value)) return [{ path: [], problem: "it takes a policy: { rules: [ { name, when, then } ] }" }];
  const problems = problemsOf([], value, POLICY_CHECKS, ["rules"]);
  const rules = Array.isArray(value["rules"]) ? value["rules"] : [];
  return [...problems, ...rules.flatMap((rule, index) => ruleProblems(["rules", index], rule)), ...sameNames(rules)];
}

/**
 * Gives back a value as the policy that it is.
 * @throws ReliqError `policy` that names every problem and where it is.
 */
export function checkPolicy(value: unknown): Policy {
  const problems = policyProblems(value);
  if (problems.length === 0) return value as Policy;
  const lines = problems.map(({ path, problem }) => `${pathText(path)}: ${problem}`);
  throw new ReliqError("policy", `The policy cannot be used. ${lines.join(" ")}`);
}

/** `rules[2].when.category` */
export function pathText(path: Path): string {
  const text = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`)).join("");
  return text.replace(/^\./, "") || "policy";
}

function ruleProblems(path: Path, rule: unknown): PolicyProblem[] {
  if (!isRecord(rule)) return [{ path, problem: `it is ${show(rule)}; it takes a rule: { name, when, then }.` }];
  const { when } = rule;
  const needsRepair = Array.isArray(rule["then"]) && rule["then"].includes("repair") && rule["repair"] === undefined;
  return [
    ...problemsOf(path, rule, RULE_CHECKS, ["name", "when", "then"]),
    ...(needsRepair
      ? [
          {
            path: [...path, "then"],
            problem: "with `repair` the rule says which: add `repair`, the name of one that is registered.",
          },
        ]
      : []),
    ...(isRecord(when) ? problemsOf([...path, "when"], when, CONDITION_CHECKS, []) : []),
  ];
}

function problemsOf<T>(
  path: Path,
  value: Record<string, unknown>,
  checks: Checks<T>,
  needed: readonly string[],
): PolicyProblem[] {
  const missing = needed.filter((field) => value[field] === undefined);
  return [
    ...missing.map((field) => ({ path, problem: `\`${field}\` is missing.` })),
    ...Object.entries(value).flatMap(([field, given]) => {
      const check = Object.hasOwn(checks, field) ? checks[field as keyof T] : undefined;
      if (!check)
        return [
          {
            path: [...path, field],
            problem: `there is no such field; the fields are ${Object.keys(checks).join(", ")}.`,
          },
        ];
      const takes = given === undefined ? undefined : check(given);
      return takes === undefined
        ? []
        : [{ path: [...path, field], problem: `it is ${show(given)}; it takes ${takes}.` }];
    }),
  ];
}

function sameNames(rules: readonly unknown[]): PolicyProblem[] {
  const names = rules.map((rule) => (isRecord(rule) ? rule["name"] : undefined));
  return names.flatMap((name, index) =>
    name !== undefined && names.indexOf(name) < index
      ? [{ path: ["rules", index, "name"], problem: `another rule has the name ${show(name)} already.` }]
      : [],
  );
}

function actions(value: unknown): string | undefined {
  const takes = `a list of ${ACTIONS.join(", ")}, with exactly one of ${ENDS.join(", ")}`;
  if (!Array.isArray(value) || !value.every((each) => ACTIONS.includes(each))) return takes;
  return value.filter((each) => each !== "alert").length === 1 && new Set(value).size === value.length
    ? undefined
    : takes;
}

function hasHeal(value: unknown): boolean {
  return Array.isArray(value) && (value.includes("heal") || value.includes("repair"));
}

function backoff(value: unknown): string | undefined {
  const takes =
    '{ baseSeconds, capSeconds, jitter }: numbers of seconds, the base over 0 and at most the cap, the cap at most 1,209,600; jitter "full" or "none"';
  if (!isRecord(value) || Object.keys(value).some((key) => !["baseSeconds", "capSeconds", "jitter"].includes(key)))
    return takes;
  const { baseSeconds, capSeconds, jitter } = value;
  const fits =
    isNumber(baseSeconds) &&
    isNumber(capSeconds) &&
    baseSeconds > 0 &&
    baseSeconds <= capSeconds &&
    capSeconds <= 1_209_600;
  return fits && (jitter === undefined || jitter === "full" || jitter === "none") ? undefined : takes;
}

function budget(value: unknown): string | undefined {
  const takes = "{ relapses, share }: a whole number from 1, and a share over 0 and at most 1";
  if (!isRecord(value)) return takes;
  const { relapses, share, ...rest } = value;
  const fits = Number.isInteger(relapses) && Number(relapses) >= 1 && isNumber(share) && share > 0 && share <= 1;
  return fits && Object.keys(rest).length === 0 ? undefined : takes;
}

function bounds(value: unknown): string | undefined {
  const takes = "{ from, below }: one number or both, `from` under `below`";
  if (!isRecord(value)) return takes;
  const { from, below, ...rest } = value;
  const numbers = [from, below].filter((each) => each !== undefined);
  const fits = numbers.length > 0 && numbers.every(isNumber) && Object.keys(rest).length === 0;
  return fits && !(isNumber(from) && isNumber(below) && from >= below) ? undefined : takes;
}

function texts(value: unknown): string | undefined {
  const list = Array.isArray(value) ? value : [value];
  return list.length > 0 && list.every((each) => typeof each === "string" && each !== "")
    ? undefined
    : "a text, or a list of texts";
}

function someOf(known: readonly string[]): Check {
  return (value) => {
    const list: unknown[] = Array.isArray(value) ? value : [value];
    const fits = list.length > 0 && list.every((each) => known.includes(String(each)) && typeof each === "string");
    return fits ? undefined : `one of ${known.join(", ")}, or a list of these`;
  };
}

function whole(least: number, most: number): Check {
  return (value) =>
    Number.isInteger(value) && Number(value) >= least && Number(value) <= most
      ? undefined
      : `a whole number from ${least} to ${most}`;
}

function optional(check: Check): Check {
  return (value) => (value === undefined ? undefined : check(value));
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return (typeof value === "string" ? JSON.stringify(value) : describeValue(value)).slice(0, 100);
}
