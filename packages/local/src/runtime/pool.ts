import { availableParallelism, totalmem } from "node:os";
import { ServiceError } from "../kernel/service-error.ts";
import { type Environment, type Invocation, startEnvironment, type Tools } from "./environment.ts";
import type { FunctionSettings } from "./environment-variables.ts";
import { watchMachine } from "./machine-load.ts";
import { createPace, type Pace } from "./pace.ts";
import type { InvocationReport } from "./running.ts";

/** How long an environment is kept warm without work, ms. */
const IDLE_LIMIT_MS = 5 * 60_000;

/** What one environment is reckoned to need of the machine's memory, bytes. */
const ENVIRONMENT_BYTES = 128 * 1_048_576;

/** The most environments at once, over all functions: as many as the machine's memory carries, 8 to 128. */
export const MOST_ENVIRONMENTS: number = Math.max(8, Math.min(128, Math.floor(totalmem() / ENVIRONMENT_BYTES)));

/** The most environments that start at once. */
const MOST_STARTING = availableParallelism();

/** The environments of all functions. */
export interface Pool {
  /** Runs an invocation on a warm environment, else on the first that comes free or has started. */
  run(settings: FunctionSettings, invocation: Invocation): Promise<InvocationReport>;
  /** Ends a function's environments, each once its invocation is over: its code or its settings have changed. */
  retire(functionName: string): void;
  /** Ends all environments at once, and resolves when no process is left. */
  stop(): Promise<void>;
}

interface Waiter {
  readonly settings: FunctionSettings;
  readonly invocation: Invocation;
  readonly sinceMs: number;
  readonly resolve: (report: InvocationReport) => void;
  readonly reject: (error: ServiceError) => void;
}

interface Member {
  readonly crew: Crew;
  readonly environment: Environment;
  state: "busy" | "idle" | "starting";
  /** Whether it has run an invocation. */
  hasRun: boolean;
  retired: boolean;
  cancelReaping: () => void;
}

/** The environments of one revision of a function, and the invocations that wait for one. */
interface Crew {
  readonly pace: Pace;
  readonly waiters: Waiter[];
  readonly members: Set<Member>;
  /** Those without work, the one that was used last at the end. */
  idle: Member[];
  starting: number;
  /** When the newest of them began to start, on the machine's own clock, ms. */
  startedAtMs: number;
  /** Set while somebody waits for whom no environment starts yet. */
  alarm: NodeJS.Timeout | undefined;
}

interface PoolState {
  readonly tools: Tools;
  readonly isMachineBusy: () => boolean;
  readonly crews: Map<string, Crew>;
  /** In the order of their last use. */
  readonly members: Set<Member>;
  readonly living: Set<Environment>;
  starting: number;
  stopped: boolean;
}

/**
 * Keeps environments warm. An invocation waits for one of them no longer than a new one is expected to take to start, or a little longer where the machine has
 * no time for one more, and only as many start at once as it has cores: a burst of short invocations needs few processes, and long ones run side by side.
 */
export function startPool(tools: Tools): Pool {
  const state: PoolState = {
    tools,
    isMachineBusy: watchMachine(),
    crews: new Map(),
    members: new Set(),
    living: new Set(),
    starting: 0,
    stopped: false,
  };
  return {
    run: (settings, invocation) =>
      new Promise((resolve, reject) => {
        if (state.stopped) return reject(stopping());
        const crew = crewOf(state, settings);
        const waiter = { settings, invocation, sinceMs: performance.now(), resolve, reject };
        const idle = crew.idle.pop();
        if (idle) return void occupy(state, idle, waiter);
        crew.waiters.push(waiter);
        reinforce(state, crew);
      }),
    retire: (functionName) => {
      for (const member of state.members) {
        if (member.environment.settings.functionName !== functionName) continue;
        member.retired = true;
        if (member.state === "idle") discard(state, member);
      }
    },
    stop: async () => {
      state.stopped = true;
      for (const crew of state.crews.values()) {
        clearTimeout(crew.alarm);
        for (const waiter of crew.waiters.splice(0)) waiter.reject(stopping());
      }
      for (const environment of state.living) environment.kill();
      await Promise.all([...state.living].map((environment) => environment.gone));
    },
  };
}

function stopping(): ServiceError {
  return new ServiceError("ServiceException", "The local region is stopping.", { status: 500 });
}

function crewOf({ crews }: PoolState, { functionName, revision }: FunctionSettings): Crew {
  const key = `${functionName} ${revision}`;
  const known = crews.get(key);
  if (known) return known;
  const pace = createPace();
  const crew: Crew = {
    pace,
    waiters: [],
    members: new Set(),
    idle: [],
    starting: 0,
    startedAtMs: Number.NEGATIVE_INFINITY,
    alarm: undefined,
  };
  crews.set(key, crew);
  return crew;
}

/** Starts environments for those who wait, as far as that helps them; the first ones have those that start already. */
function reinforce(state: PoolState, crew: Crew): void {
  const { pace, waiters, members } = crew;
  clearTimeout(crew.alarm);
  crew.alarm = undefined;
  for (let first = waiters[crew.starting]; first && !state.stopped; first = waiters[crew.starting]) {
    // What has just started must be seen to help: a machine that is busy gets slower by each one more.
    const patienceMs = pace.patienceMs(members.size, state.isMachineBusy());
    const needsMore = pace.needsMore(waiters.length - crew.starting, members.size, patienceMs);
    const sinceMs = needsMore ? crew.startedAtMs : Math.max(first.sinceMs, crew.startedAtMs);
    const leftMs = sinceMs + patienceMs - performance.now();
    if (leftMs > 0 && members.size > 0) {
      crew.alarm = setTimeout(() => reinforce(state, crew), leftMs).unref();
      return;
    }
    if (state.starting >= MOST_STARTING) return;
    if (state.members.size >= MOST_ENVIRONMENTS && !evictIdle(state)) return;
    start(state, crew, first.settings);
  }
}

/** There is room: those who have waited longest come first. */
function reinforceAll(state: PoolState): void {
  const waitingSince = ({ waiters, starting }: Crew): number => waiters[starting]?.sinceMs ?? Number.POSITIVE_INFINITY;
  const wanting = [...state.crews.values()].filter(({ waiters, starting }) => waiters.length > starting);
  for (const crew of wanting.sort((one, other) => waitingSince(one) - waitingSince(other))) reinforce(state, crew);
}

function start(state: PoolState, crew: Crew, settings: FunctionSettings): void {
  const beganAt = performance.now();
  const environment = startEnvironment(settings, state.tools);
  const member: Member = {
    crew,
    environment,
    state: "starting",
    hasRun: false,
    retired: false,
    cancelReaping: () => {},
  };
  crew.members.add(member);
  state.members.add(member);
  state.living.add(environment);
  crew.starting += 1;
  crew.startedAtMs = beganAt;
  state.starting += 1;
  void environment.ready.then(() => {
    crew.starting -= 1;
    state.starting -= 1;
    if (environment.usable()) crew.pace.started(performance.now() - beganAt);
    // Whoever waits for a function that cannot start is told why.
    const unlucky = environment.usable() || member.retired ? undefined : crew.waiters.shift();
    if (unlucky) void occupy(state, member, unlucky);
    else release(state, member);
    reinforceAll(state);
  });
  void environment.gone.then(() => {
    state.living.delete(environment);
    if (member.state === "idle") discard(state, member);
  });
}

async function occupy(state: PoolState, member: Member, waiter: Waiter): Promise<void> {
  const { crew, environment } = member;
  member.state = "busy";
  member.cancelReaping();
  const beganAt = performance.now();
  waiter.resolve(await environment.invoke(waiter.invocation));
  crew.pace.ran(performance.now() - beganAt, !member.hasRun);
  member.hasRun = true;
  release(state, member);
}

/** Goes on with who has waited longest; without work, waits for it. */
function release(state: PoolState, member: Member): void {
  const { crew, environment } = member;
  if (member.retired || !environment.usable()) {
    discard(state, member);
    reinforceAll(state);
    return;
  }
  state.members.delete(member);
  state.members.add(member);
  const next = crew.waiters.shift();
  if (next) return void occupy(state, member, next);
  member.state = "idle";
  crew.idle.push(member);
  const { clock } = state.tools;
  member.cancelReaping = clock.at(clock.now() + IDLE_LIMIT_MS, () => discard(state, member));
  reinforceAll(state);
}

function discard(state: PoolState, member: Member): void {
  const { crew, environment } = member;
  state.members.delete(member);
  crew.members.delete(member);
  crew.idle = crew.idle.filter((each) => each !== member);
  member.cancelReaping();
  environment.kill();
  forgetUnused(state, crew);
}

/** A function's next revision has a crew of its own. */
function forgetUnused({ crews }: PoolState, crew: Crew): void {
  if (crew.members.size > 0 || crew.waiters.length > 0) return;
  for (const [key, each] of crews) if (each === crew) crews.delete(key);
}

function evictIdle(state: PoolState): boolean {
  const oldest = [...state.members].find((each) => each.state === "idle");
  if (oldest) discard(state, oldest);
  return oldest !== undefined;
}
