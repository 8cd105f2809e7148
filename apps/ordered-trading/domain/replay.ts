import {
  type PlannedMessage,
  planReplay,
  type RecoverPorts,
  type RedriveRun,
  type RunFilter,
  type RunPlan,
  startReplay,
} from "@reliq/core/recovery";
import type { ReplayRequest } from "./replay-request.ts";

/** What the replay function answers. */
export interface ReplayAnswer {
  readonly dry_run: boolean;
  readonly queue: string;
  readonly start_time: string;
  readonly end_time: string;
  readonly message_group_id?: string;
  /** How many archived messages there are, and how many of these are sent. */
  readonly messages_found: number;
  readonly messages_to_replay: number;
  /** Whether there are more than one replay takes; the oldest are taken. */
  readonly more: boolean;
  /** In the order in which they are sent; those that are not sent follow, with the verdict that says why. */
  readonly messages: readonly {
    readonly failure: string;
    readonly message_group_id?: string;
    readonly verdict: PlannedMessage["verdict"];
    readonly because: string;
  }[];
  /** Of a replay that was started: its id, and how far it came while the function waited. */
  readonly run?: ReplayRun;
}

/** A replay that was started. */
interface ReplayRun extends Pick<RedriveRun, "id" | "relapsed" | "resolved" | "sent" | "skipped" | "state"> {
  /** Why nothing is sent for the moment, and why it stopped. */
  readonly waiting_because?: string;
  readonly stopped_because?: string;
}

/** A queue, who asks, and how it is waited for a run's end: false where there is no time left. */
export interface ReplaySetting {
  readonly queue: string;
  readonly by: string;
  readonly waitMore: () => Promise<boolean>;
}

const ENDS: ReadonlySet<RedriveRun["state"]> = new Set(["cancelled", "done", "stopped"]);

/** Answers a replay request. A dry run changes nothing and says message by message what the run would do; a run is planned by the same function. */
export async function replay(
  request: ReplayRequest,
  { queue, by, waitMore }: ReplaySetting,
  ports: RecoverPorts,
): Promise<ReplayAnswer> {
  const { fromMs, toMs, messageGroupId: messageGroup, dryRun } = request;
  const filter: RunFilter = { queue, fromMs, toMs, ...(messageGroup !== undefined && { messageGroup }) };
  const plan = await planReplay(filter, {}, ports);
  const answer = describePlan(plan, request);
  if (dryRun || plan.counts.safe === 0) return answer;
  let run: RedriveRun = await startReplay(filter, {}, by, ports);
  while (!ENDS.has(run.state) && (await waitMore())) run = (await ports.store.run(run.id)) ?? run;
  return { ...answer, run: describeRun(run) };
}

function describePlan({ filter, messages, counts, more }: RunPlan, request: ReplayRequest): ReplayAnswer {
  const { fromMs, toMs, messageGroupId, dryRun } = request;
  return {
    dry_run: dryRun,
    queue: filter.queue,
    start_time: new Date(fromMs).toISOString(),
    end_time: new Date(toMs).toISOString(),
    ...(messageGroupId !== undefined && { message_group_id: messageGroupId }),
    messages_found: messages.length,
    messages_to_replay: counts.safe,
    more,
    messages: messages.map(({ failure, messageGroup, verdict, because }) => ({
      failure,
      ...(messageGroup !== undefined && { message_group_id: messageGroup }),
      verdict,
      because,
    })),
  };
}

function describeRun(run: RedriveRun): ReplayRun {
  const { id, state, sent, resolved, relapsed, skipped, waitingBecause, stoppedBecause } = run;
  return {
    id,
    state,
    sent,
    resolved,
    relapsed,
    skipped,
    ...(waitingBecause !== undefined && { waiting_because: waitingBecause }),
    ...(stoppedBecause !== undefined && { stopped_because: stoppedBecause }),
  };
}
