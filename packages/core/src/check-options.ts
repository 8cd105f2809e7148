import { describeValue } from "./classify/thrown.ts";
import { ReliqError } from "./errors.ts";

/** For each option, what it takes when a value is wrong; undefined when it is right. */
export type OptionChecks<Options> = Readonly<Record<keyof Options, (value: unknown) => string | undefined>>;

/**
 * Refuses options with a typo and values that cannot work.
 * @throws ReliqError with the given code, that names the option, its value and what it takes.
 */
export function checkOptions<Options extends object>(
  call: string,
  code: string,
  options: Options,
  checks: OptionChecks<Options>,
): void {
  const unknown = Object.keys(options).find((option) => !Object.hasOwn(checks, option));
  if (unknown !== undefined) {
    const known = Object.keys(checks).join(", ");
    throw new ReliqError(code, `${call}: there is no option \`${unknown}\`; the options are ${known}.`);
  }
  for (const option of Object.keys(checks) as (keyof Options & string)[]) {
    const value = options[option];
    const takes = checks[option](value);
    if (takes) throw new ReliqError(code, `${call}: option \`${option}\` is ${show(value)}; it takes ${takes}.`);
  }
}

function show(value: unknown): string {
  if (typeof value === "function") return "a function";
  return (typeof value === "string" ? JSON.stringify(value) : describeValue(value)).slice(0, 100);
}
