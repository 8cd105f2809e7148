import { setTimeout as wait } from "node:timers/promises";
import { styleText } from "node:util";
import type { FailureFilter, RedriveRun, RunOptions, RunPlan } from "@reliq/core/recovery";
import { createLogUpdate } from "log-update";
import { canAsk, confirm } from "../ask.ts";
import { printAnswer } from "../print-answer.ts";
import { formatTable } from "../print-table.ts";
import { type ApiOptions, callApi, openApi, partOptions, type RecoveryClient } from "../recovery-client.ts";
import { runBar } from "../run-bar.ts";
import { safeLine } from "../safe-text.ts";
import { untilAsked } from "../until-stopped.ts";

interface PlanOptions extends ApiOptions, Partial<RunOptions>, FailureFilter {
  readonly queue: string;
  /** Whether the command ends at once. */
  readonly detach?: boolean;
  readonly yes?: boolean;
}

type Kind = RedriveRun["kind"];

/** How often a run is looked at, milliseconds. */
const REFRESH_MS = 500;

/** `reliq redrive plan`, `reliq replay plan`: what a run would do, message by message. Nothing is changed. */
export async function planRun(kind: Kind, options: PlanOptions): Promise<void> {
  printAnswer(options, await callApi(options, `plan-${kind}`, inputOf(options)), describePlan);
}

/** `reliq redrive start`, `reliq replay start`: starts a run and shows its progress; exits 1 where it stopped, 130 where Ctrl-C left it to itself. */
export async function startRun(kind: Kind, options: PlanOptions): Promise<void> {
  const callApi = await openApi(options);
  const input = inputOf(options);
  if (canAsk(options) && !options.yes) {
    const { counts } = await callApi(`plan-${kind}`, input);
    await confirm(`${describeCounts(counts) || `There is nothing to ${kind}`}. Start?`, options);
  }
  await follow(await callApi(`start-${kind}`, input), options, callApi);
}

/** `reliq redrive status [run]`: the runs, or one and its progress until its end. */
export async function runStatus(
  id: string | undefined,
  options: ApiOptions & { readonly detach?: boolean },
): Promise<void> {
  const callApi = await openApi(options);
  if (id !== undefined) return follow((await callApi("get-run", { run: id })).run, options, callApi);
  printAnswer(options, await callApi("list-runs", {}), ({ runs }) =>
    formatTable(
      ["run", "kind", "queue", "state", "planned", "sent", "resolved", "relapsed"],
      runs.map((run) => [run.id, run.kind, run.queue, run.state, run.planned, run.sent, run.resolved, run.relapsed]),
      "No runs.",
    ),
  );
}

/** `reliq redrive pause|resume|cancel <run>` */
export async function controlRun(
  name: "cancel-run" | "pause-run" | "resume-run",
  run: string,
  options: ApiOptions,
): Promise<void> {
  printAnswer(options, await callApi(options, name, { run }), runBar);
}

function inputOf(given: PlanOptions): {
  filter: FailureFilter & { readonly queue: string };
  options: Partial<RunOptions>;
} {
  const { detach: _, yes: __, ...asked } = partOptions(given).input;
  const { ramp, maxMessages, ratePerSecond, jitterSeconds, minAgeSeconds, maxHeals, maxQueueAgeSeconds, ...filter } =
    asked;
  const options = { ramp, maxMessages, ratePerSecond, jitterSeconds, minAgeSeconds, maxHeals, maxQueueAgeSeconds };
  const said = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return { filter, options: said };
}

async function follow(
  started: RedriveRun,
  options: ApiOptions & { readonly detach?: boolean },
  callApi: RecoveryClient,
): Promise<void> {
  const draw = process.stdout.isTTY && !options.json ? createLogUpdate(process.stdout) : undefined;
  let run = started;
  let isLeft = false;
  const leave = (): void => {
    isLeft = true;
  };
  const left = options.detach ? undefined : untilAsked().then(leave);
  while (left && !isLeft && isUnderWay(run)) {
    draw?.(runBar(run));
    await Promise.race([wait(REFRESH_MS), left]);
    ({ run } = await callApi("get-run", { run: run.id }));
  }
  if (draw) draw(runBar(run));
  else printAnswer(options, run, runBar);
  if (run.state === "stopped") process.exitCode = 1;
  if (isLeft && isUnderWay(run)) {
    console.error(
      `It goes on. reliq ${run.kind} status ${run.id} shows it, reliq ${run.kind} cancel ${run.id} ends it.`,
    );
    process.exitCode = 130;
  }
}

function isUnderWay({ state }: RedriveRun): boolean {
  return state === "planning" || state === "running";
}

function describePlan({ kind, messages, counts, more }: RunPlan): string {
  const rows = messages.map(({ failure, verdict, because }) => [safeLine(failure), verdict, safeLine(because, 90)]);
  const said = describeCounts(counts);
  return [
    formatTable(["failure", "verdict", "because"], rows, `There is nothing to ${kind}.`),
    ...(said === "" ? [] : [styleText("bold", said)]),
    ...(more ? ["There are more messages than one run takes."] : []),
  ].join("\n");
}

function describeCounts(counts: RunPlan["counts"]): string {
  const said = Object.entries(counts).filter(([, count]) => count > 0);
  return said.map(([verdict, count]) => `${count} ${verdict}`).join(", ");
}
