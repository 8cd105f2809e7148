import { checkOptions, type OptionChecks } from "../check-options.ts";
import { ReliqError } from "../errors.ts";

/** What every remedy has: a name, and how slowly it goes. */
interface Named {
  /** 1 to 60 letters, digits, '-' or '_'; it names the remedy in logs and in its table. */
  readonly name: string;
  /** The least time between two changes, seconds, 60 to 86,400. @default 300 */
  readonly cooldownSeconds?: number;
  /** How long its problem has to be over before the setting goes back, seconds, 60 to 86,400. @default 600 */
  readonly calmSeconds?: number;
}

/** Lets a consumer work on more batches at once while its queue's backlog is above a limit. */
export interface ScaleConcurrency extends Named {
  readonly kind: "scale-concurrency";
  /** The event source mapping. */
  readonly mapping: string;
  readonly queueUrl: string;
  readonly backlogAbove: number;
  /** The most batches at once, 3 to 1,000; each step doubles what there is. */
  readonly most: number;
}

/** Takes no messages while the breaker of what their consumer calls has been open lately. */
export interface PauseIntake extends Named {
  readonly kind: "pause-intake";
  readonly mapping: string;
  /** The name of the downstream whose breaker is shared. */
  readonly breaker: string;
  /** After so long it takes messages again whatever the breaker says, and for as long it is not paused again, seconds, 60 to 86,400. */
  readonly mostSeconds: number;
}

/** Reserves more concurrency for a function while its invocations are throttled. */
export interface WidenThrottle extends Named {
  readonly kind: "widen-throttle";
  readonly functionName: string;
  /** Throttled invocations of the last five minutes. */
  readonly throttlesAbove: number;
  /** The most that is reserved, 1 to 1,000,000; each step adds a half. */
  readonly most: number;
}

/** A named automatic answer to a known problem: bounded, logged, and taken back when the problem is over. */
export type Remedy = PauseIntake | ScaleConcurrency | WidenThrottle;

/** A remedy that is complete. */
export type CompleteRemedy = Remedy & Required<Pick<Remedy, "calmSeconds" | "cooldownSeconds">>;

const text =
  (pattern: RegExp, takes: string) =>
  (value: unknown): string | undefined =>
    typeof value === "string" && pattern.test(value) ? undefined : takes;
const whole =
  (least: number, most: number) =>
  (value: unknown): string | undefined =>
    Number.isInteger(value) && Number(value) >= least && Number(value) <= most
      ? undefined
      : `a whole number from ${least} to ${most}`;

const DAY_SECONDS = 86_400;

const NAMED: OptionChecks<Required<Named> & { readonly kind: string }> = {
  name: text(/^[\w-]{1,60}$/, "1 to 60 letters, digits, '-' or '_'"),
  kind: () => undefined,
  cooldownSeconds: whole(60, DAY_SECONDS),
  calmSeconds: whole(60, DAY_SECONDS),
};

const filled = text(/./, "a text");

const CHECKS: { readonly [Kind in Remedy["kind"]]: OptionChecks<Extract<CompleteRemedy, { readonly kind: Kind }>> } = {
  "scale-concurrency": {
    ...NAMED,
    mapping: filled,
    queueUrl: filled,
    backlogAbove: whole(0, 1_000_000_000),
    most: whole(3, 1_000),
  },
  "pause-intake": { ...NAMED, mapping: filled, breaker: filled, mostSeconds: whole(60, DAY_SECONDS) },
  "widen-throttle": {
    ...NAMED,
    functionName: filled,
    throttlesAbove: whole(0, 1_000_000_000),
    most: whole(1, 1_000_000),
  },
};

/**
 * Checks and completes remedies.
 * @throws ReliqError `remedy` that names an unknown kind, an unknown or wrong option, its value and what it takes, and a name that is there twice.
 */
export function completeRemedies(remedies: readonly Remedy[]): readonly CompleteRemedy[] {
  const names = new Set<string>();
  return remedies.map((remedy) => {
    const complete = { cooldownSeconds: 300, calmSeconds: 600, ...remedy } as CompleteRemedy;
    const checks = CHECKS[complete.kind] as OptionChecks<CompleteRemedy> | undefined;
    if (!checks) {
      const known = Object.keys(CHECKS).join(", ");
      throw new ReliqError(
        "remedy",
        `There is no remedy of kind ${JSON.stringify(remedy.kind)}; the kinds are ${known}.`,
      );
    }
    checkOptions(`remedy ${JSON.stringify(remedy.name)}`, "remedy", complete, checks);
    if (names.has(complete.name)) throw new ReliqError("remedy", `Two remedies are called ${complete.name}.`);
    names.add(complete.name);
    return complete;
  });
}
