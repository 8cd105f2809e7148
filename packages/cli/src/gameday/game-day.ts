import type { Measure } from "./measures.ts";

/** A fault that is put into a deployed system to see whether what is believed of it holds. */
export interface GameDay {
  /** The name of its file. */
  readonly name: string;
  /** What is believed, in one sentence that a measure can refute. */
  readonly hypothesis: string;
  /** What is put in, in one sentence. */
  readonly fault: string;
  /** The folder of the CDK app that a region of its own runs. */
  readonly app: string;
  /** Context of the app over that of its cdk.json, as `-c name=value` gives it. @default none */
  readonly context?: Readonly<Record<string, string>>;
  /** Why the fault cannot be put into a system on AWS. @default it can */
  readonly localOnly?: string;
  /**
   * The alarms that have to fire, each by a part of its name which no other one has; no other critical one may. None: no critical one may.
   * Each that fires has to clear. @default only that
   */
  readonly alarms?: readonly string[];
  /** Lines that charts are drawn of, by the names of what it watches. */
  readonly charts: readonly Chart[];
  /** Puts the fault in, takes it out, and says what it measured. */
  readonly run: (stage: Stage) => Promise<readonly Measure[]>;
}

/** One chart of a report. */
export interface Chart {
  readonly title: string;
  /** What the vertical axis counts, such as `messages`. */
  readonly unit: string;
  /** Names of what is watched. */
  readonly lines: readonly string[];
}

/** What is seen at one moment, by name. */
export type Sample = Readonly<Record<string, number>>;

/** What every client of the AWS SDK is made with. */
export interface StageSettings {
  readonly endpoint?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Where a game day plays. */
export interface Stage {
  readonly settings: StageSettings;
  /** The process of a region that was started for this game day alone; undefined for a system that was there before. */
  readonly regionPid: number | undefined;
  /** What was said of the system by `--set name=value`. */
  readonly given: Readonly<Record<string, string>>;
  /** How large it is, over 0; 1 is whole. */
  readonly scale: number;
  readonly signal: AbortSignal;
  /** A length of time at this scale, seconds, at least `least`. */
  readonly seconds: (whole: number, least?: number) => number;
  /** A number of things at this scale, at least `least`. */
  readonly count: (whole: number, least?: number) => number;
  /** Does a part of the game day under a name that progress and charts show. */
  readonly phase: <T>(name: string, work: () => Promise<T>) => Promise<T>;
  /** Reads a sample each second from now on, until the game day ends. */
  readonly watch: (read: () => Promise<Sample>) => void;
  /** Lets time pass: a region of its own jumps once nothing runs in it, elsewhere it is waited for. Seconds. */
  readonly passTime: (seconds: number) => Promise<void>;
}

/** The game day cannot be played here: no verdict follows. */
export class CannotPlay extends Error {
  override readonly name = "CannotPlay";
}
