import { ReliqError } from "@reliq/core";
import { type Duration, Token } from "aws-cdk-lib";
import type { Construct } from "constructs";

/** Says what a prop takes where a value does not fit it, and nothing where it does. */
export type PropCheck = (value: unknown) => string | undefined;

/**
 * Checks the props of a construct when it is defined, long before a deployment would find them wrong.
 * @throws ReliqError `construct-prop` that names the construct, the prop, its value and what it takes; also for a prop that does not exist.
 */
export function checkProps<P extends object>(
  construct: Construct,
  props: P,
  checks: Readonly<Record<keyof P, PropCheck>>,
): void {
  for (const [name, check] of Object.entries<PropCheck>(checks)) {
    const value = props[name as keyof P];
    const takes = Token.isUnresolved(value) ? undefined : check(value);
    if (takes !== undefined) throw refusedProp(construct, name, value, `it takes ${takes}`);
  }
  const unknown = Object.keys(props).find((name) => !(name in checks));
  if (unknown === undefined) return;
  const known = `there is no such prop; the props are ${Object.keys(checks).join(", ")}`;
  throw refusedProp(construct, unknown, props[unknown as keyof P], known);
}

/** The error for a prop that cannot work; `why` says what to do. */
export function refusedProp(construct: Construct, name: string, value: unknown, why: string): ReliqError {
  const noun = construct.constructor.name;
  return new ReliqError(
    "construct-prop",
    `${noun} ${construct.node.path}: prop \`${name}\` is ${show(value)}; ${why}.`,
  );
}

/** Fits a whole number between two limits, both included, or nothing. */
export function wholeNumber(least: number, most: number): PropCheck {
  return (value) =>
    value === undefined || (Number.isInteger(value) && Number(value) >= least && Number(value) <= most)
      ? undefined
      : `a whole number from ${least} to ${most}`;
}

/** Fits a Duration of whole seconds between two limits, both included, or nothing. */
export function duration(least: Duration, most: Duration): PropCheck {
  return (value) => {
    if (value === undefined || (isDuration(value) && value.isUnresolved())) return undefined;
    const seconds = isDuration(value) ? value.toMilliseconds() / 1000 : Number.NaN;
    return Number.isInteger(seconds) && seconds >= least.toSeconds() && seconds <= most.toSeconds()
      ? undefined
      : `a Duration of whole seconds from ${least.toHumanString()} to ${most.toHumanString()}`;
  };
}

/** Fits a text of a pattern, or nothing. */
export function text(pattern: RegExp, takes: string): PropCheck {
  return (value) => (value === undefined || (typeof value === "string" && pattern.test(value)) ? undefined : takes);
}

/** Fits true, false or nothing. */
export const flag: PropCheck = (value) =>
  value === undefined || typeof value === "boolean" ? undefined : "true or false";

/** Fits anything: the CDK's types and its own checks see to it. */
export const anything: PropCheck = () => undefined;

/** Fits a construct (or another object) that is there. */
export function given(takes: string): PropCheck {
  return (value) => (typeof value === "object" && value !== null ? undefined : takes);
}

/** Fits an environment that leaves Reliq's own variables to the construct, or nothing. */
export const ownEnvironment: PropCheck = (value) =>
  Object.keys(value ?? {}).some((name) => name.startsWith("RELIQ_"))
    ? "names that do not begin with RELIQ_: those are the construct's"
    : undefined;

function isDuration(value: unknown): value is Duration {
  // Not instanceof: a project can hold a second copy of the CDK's library.
  return typeof (value as Partial<Duration> | null)?.toMilliseconds === "function";
}

function show(value: unknown): string {
  if (isDuration(value)) return value.isUnresolved() ? "a token" : value.toHumanString();
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "a list" : "an object";
  return JSON.stringify(value) ?? String(value);
}
