import type { Mapping } from "./mapping.ts";
import { sleep } from "./sleep.ts";
import type { EventSource, SourceGround, SourceKind } from "./source-kind.ts";
import { openCheckpoints } from "./stream-checkpoint.ts";
import { followLane } from "./stream-lane.ts";
import { checkStreamMapping, readStreamMapping, STREAM_MEMBERS, type StreamSettings } from "./stream-settings.ts";
import { openShard } from "./stream-shard.ts";

/** How long a source waits where its stream or its function is not there, or the state cannot be written, ms. */
const AFTER_FAILURE_MS = 1_000;

/** DynamoDB streams as an event source. */
export const streamSource: SourceKind = {
  supported: STREAM_MEMBERS,
  batchSize: 100,
  alreadyExists: ({ sourceArn, functionName }) =>
    `The event source arn (" ${sourceArn} ") and function (" ${functionName} ") provided mapping already exists.`,
  read: readStreamMapping,
  check: checkStreamMapping,
  start: startStreamSource,
};

interface State {
  readonly ground: SourceGround;
  mapping: Mapping;
  lastResult: string;
  closed: boolean;
  /** Ends the turn that is under way: what runs is settled, and nothing more is taken. */
  turn: AbortController;
}

/** A change of the mapping ends the turn, and the next goes on from the checkpoints with the new settings. */
function startStreamSource(mapping: Mapping, ground: SourceGround): EventSource {
  const state: State = {
    ground,
    mapping,
    lastResult: "No records processed",
    closed: false,
    turn: new AbortController(),
  };
  const ended = takeTurns(state);
  return {
    update: (next) => {
      state.mapping = next;
      state.turn.abort();
    },
    stop: () => {
      state.closed = true;
      state.turn.abort();
      return ended;
    },
    lastResult: () => state.lastResult,
  };
}

async function takeTurns(state: State): Promise<void> {
  const { clock } = state.ground.world;
  while (!state.closed) {
    state.turn = new AbortController();
    const { mapping, turn } = state;
    try {
      if (mapping.enabled && mapping.stream) await follow(state, mapping, mapping.stream, turn);
      else await sleep(clock, undefined, turn.signal);
    } catch (error) {
      if (state.closed) return;
      tell(state, `PROBLEM: ${String(error)}`);
      state.turn = new AbortController();
      await sleep(clock, clock.now() + AFTER_FAILURE_MS, state.turn.signal);
    }
  }
}

/** Follows the shard until the turn ends, each lane one batch at a time. @throws what a lane throws, once none runs */
async function follow(state: State, mapping: Mapping, settings: StreamSettings, turn: AbortController): Promise<void> {
  const { ground } = state;
  const shard = await openShard(ground.world, mapping.sourceArn);
  const places = await openCheckpoints(ground.world, mapping, shard);
  const note = (result: string): void => {
    state.lastResult = result;
  };
  const lanes = places.map((from, index) =>
    followLane({ ground, mapping, settings, shard, index, note }, from, turn.signal).finally(() => turn.abort()),
  );
  const ends = await Promise.allSettled(lanes);
  const failure = ends.find((end) => end.status === "rejected");
  if (failure) throw failure.reason;
}

/** Tells a trouble of the source itself once, for as long as it lasts. */
function tell(state: State, result: string): void {
  const { ground, mapping, lastResult } = state;
  if (result !== lastResult) ground.world.report(`${mapping.sourceArn} to ${mapping.functionName}: ${result}`);
  state.lastResult = result;
}
