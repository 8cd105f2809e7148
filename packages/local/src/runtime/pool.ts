import { availableParallelism, totalmem } from "node:os";
import { ServiceError } from "../kernel/service-error.ts";
import { type Environment, type Invocation, startEnvironment, type Tools } from "./environment.ts";
import type { FunctionSettings } from "./environment-variables.ts";
import type { InvocationReport } from "./running.ts";

/** How long an environment is kept warm without work, ms. */
const IDLE_LIMIT_MS = 5 * 60_000;

/** What one environment is reckoned to need of the machine's memory, bytes. */
const ENVIRONMENT_BYTES = 128 * 1_048_576;

/** The most environments at once, over all functions: as many as the machine's memory carries, 8 to 128. */
export const MOST_ENVIRONMENTS: number = Math.max(8, Math.min(128, Math.floor(totalmem() / ENVIRONMENT_BYTES)));

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
  readonly resolve: (report: InvocationReport) => void;
  readonly reject: (error: ServiceError) => void;
}

interface Member {
  readonly environment: Environment;
  state: "busy" | "idle" | "starting";
  retired: boolean;
  cancelReaping: () => void;
}

interface PoolState {
  readonly tools: Tools;
  /** In the order of their last use. */
  readonly members: Set<Member>;
  readonly living: Set<Environment>;
  waiters: Waiter[];
  stopped: boolean;
}

/**
 * Keeps environments warm, and starts new ones where invocations wait. Only as many start at once as the machine has
 * cores: meanwhile the warm ones take what waits, so a burst of short invocations needs few processes.
 */
export function startPool(tools: Tools): Pool {
  const state: PoolState = { tools, members: new Set(), living: new Set(), waiters: [], stopped: false };
  return {
    run: (settings, invocation) =>
      new Promise((resolve, reject) => {
        state.waiters.push({ settings, invocation, resolve, reject });
        serve(state);
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
      serve(state);
      for (const environment of state.living) environment.kill();
      await Promise.all([...state.living].map((environment) => environment.gone));
    },
  };
}

function serve(state: PoolState): void {
  if (state.stopped) {
    const refusal = new ServiceError("ServiceException", "The local region is stopping.", { status: 500 });
    for (const waiter of state.waiters.splice(0)) waiter.reject(refusal);
    return;
  }
  state.waiters = state.waiters.filter((waiter) => {
    const idle = [...state.members].findLast((each) => each.state === "idle" && fits(each, waiter.settings));
    if (idle) void occupy(state, idle, waiter);
    return !idle;
  });
  for (const waiter of withoutPromise(state)) {
    if (starting(state).length >= availableParallelism()) return;
    if (state.members.size >= MOST_ENVIRONMENTS && !evictIdle(state)) return;
    start(state, waiter.settings);
  }
}

/** The waiters for whom no environment is starting yet. */
function withoutPromise(state: PoolState): Waiter[] {
  const promised = starting(state);
  return state.waiters.filter((waiter) => {
    const index = promised.findIndex((each) => fits(each, waiter.settings));
    if (index >= 0) promised.splice(index, 1);
    return index < 0;
  });
}

function starting(state: PoolState): Member[] {
  return [...state.members].filter((each) => each.state === "starting");
}

function fits({ environment, retired }: Member, settings: FunctionSettings): boolean {
  const { functionName, revision } = environment.settings;
  return !retired && functionName === settings.functionName && revision === settings.revision;
}

function start(state: PoolState, settings: FunctionSettings): void {
  const environment = startEnvironment(settings, state.tools);
  const member: Member = { environment, state: "starting", retired: false, cancelReaping: () => {} };
  state.members.add(member);
  state.living.add(environment);
  void environment.ready.then(() => {
    const index = environment.usable() ? -1 : state.waiters.findIndex((waiter) => fits(member, waiter.settings));
    const [unlucky] = index < 0 ? [] : state.waiters.splice(index, 1);
    if (unlucky) void occupy(state, member, unlucky);
    else release(state, member);
  });
  void environment.gone.then(() => {
    state.living.delete(environment);
    if (member.state === "idle") discard(state, member);
  });
}

async function occupy(state: PoolState, member: Member, waiter: Waiter): Promise<void> {
  member.state = "busy";
  member.cancelReaping();
  waiter.resolve(await member.environment.invoke(waiter.invocation));
  release(state, member);
}

function release(state: PoolState, member: Member): void {
  member.state = "idle";
  state.members.delete(member);
  if (member.retired || !member.environment.usable()) discard(state, member);
  else {
    state.members.add(member);
    const { clock } = state.tools;
    member.cancelReaping = clock.at(clock.now() + IDLE_LIMIT_MS, () => discard(state, member));
  }
  serve(state);
}

function discard(state: PoolState, member: Member): void {
  state.members.delete(member);
  member.cancelReaping();
  member.environment.kill();
}

function evictIdle(state: PoolState): boolean {
  const oldest = [...state.members].find((each) => each.state === "idle");
  if (oldest) discard(state, oldest);
  return oldest !== undefined;
}
