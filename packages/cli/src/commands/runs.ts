import { setTimeout as wait } from "node:timers/promises";
import { styleText } from "node:util";
import type { FailureFilter, RedriveRun, RunOptions, RunPlan } from "@reliq/core/recovery";
import { createLogUpdate } from "log-update";
import { printAnswer } from "../print-answer.ts";
import { formatTable } from "../print-table.ts";
import { type ApiOptions, callApi } from "../recovery-client.ts";
import { runBar } from "../run-bar.ts";
import { safeLine } from "../safe-text.ts";

interface PlanOptions extends ApiOptions, Partial<RunOptions>, FailureFilter {
  readonly queue: string;
  /** Whether the command ends at once. */
  readonly detach?: boolean;
}

type Kind = RedriveRun["kind"];

/** How often a run is looked at, milliseconds. */
const REFRESH_MS = 500;

/** `reliq redrive plan`, `reliq replay plan`: what a run would do, message by message. Nothing is changed. */
export async function planRun(kind: Kind, options: PlanOptions): Promise<void> {
  printAnswer(options, await callApi(options, `plan-${kind}`, inputOf(options)), describePlan);
}

/** `reliq redrive start`, `reliq replay start`: starts a run and shows its progress; exits 1 where it stopped. */
export async function startRun(kind: Kind, options: PlanOptions): Promise<void> {
  const run = await callApi(options, `start-${kind}`, inputOf(options));
  await follow(run, options);
}

/** `reliq redrive status [run]`: the runs, or one and its progress until its end. */
export async function runStatus(
  id: string | undefined,
  options: ApiOptions & { readonly detach?: boolean },
): Promise<void> {
  if (id !== undefined) return follow((await callApi(options, "get-run", { run: id })).run, options);
  printAnswer(options, await callApi(options, "list-runs", {}), ({ runs }) =>
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

function inputOf({ endpoint: _, api: __, json: ___, detach: ____, ...given }: PlanOptions): {
  filter: FailureFilter & { readonly queue: string };
  options: Partial<RunOptions>;
} {
  const { ramp, maxMessages, ratePerSecond, jitterSeconds, minAgeSeconds, maxHeals, maxQueueAgeSeconds, ...filter } =
    given;
  const options = { ramp, maxMessages, ratePerSecond, jitterSeconds, minAgeSeconds, maxHeals, maxQueueAgeSeconds };
  const said = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return { filter, options: said };
}

async function follow(started: RedriveRun, options: ApiOptions & { readonly detach?: boolean }): Promise<void> {
  const draw = process.stdout.isTTY && !options.json ? createLogUpdate(process.stdout) : undefined;
  let run = started;
  while (!options.detach && (run.state === "planning" || run.state === "running")) {
    draw?.(runBar(run));
    await wait(REFRESH_MS);
    ({ run } = await callApi(options, "get-run", { run: run.id }));
  }
  if (draw) draw(runBar(run));
  else printAnswer(options, run, runBar);
  if (run.state === "stopped") process.exitCode = 1;
}

function describePlan({ kind, messages, counts, more }: RunPlan): string {
  const rows = messages.map(({ failure, verdict, because }) => [safeLine(failure), verdict, safeLine(because, 90)]);
  const said = Object.entries(counts).filter(([, count]) => count > 0);
  return [
    formatTable(["failure", "verdict", "because"], rows, `There is nothing to ${kind}.`),
    ...(said.length > 0 ? [styleText("bold", said.map(([verdict, count]) => `${count} ${verdict}`).join(", "))] : []),
    ...(more ? ["There are more messages than one run takes."] : []),
  ].join("\n");
}
