import type { FailureGroup, GroupState } from "@reliq/core/recovery";
import { printAnswer, showTime } from "../print-answer.ts";
import { formatTable } from "../print-table.ts";
import { type ApiOptions, callApi } from "../recovery-client.ts";
import { safeLine } from "../safe-text.ts";

interface ListOptions extends ApiOptions {
  readonly queue?: string;
  readonly state?: GroupState;
}

interface ChangeOptions extends ApiOptions {
  readonly inVersion?: string;
  /** Milliseconds since the Unix epoch. */
  readonly until?: number;
  readonly deaths?: number;
}

/** `reliq groups list`: each problem once, the one seen last first. */
export async function listGroups(options: ListOptions): Promise<void> {
  const { queue, state } = options;
  const page = await callApi(options, "list-groups", { ...(queue && { queue }), ...(state && { state }) });
  printAnswer(options, page, ({ groups }) => describeGroups(groups));
}

/** `reliq groups show <group>`: a problem, and its deaths by hour. */
export async function showGroup(group: string, options: ApiOptions): Promise<void> {
  const detail = await callApi(options, "get-group", { group });
  printAnswer(options, detail, ({ group: found, hours }) =>
    [
      describeGroups([found]),
      "",
      formatTable(
        ["hour", "deaths"],
        hours.map(({ atMs, deaths }) => [showTime(atMs), deaths]),
        "No deaths in the last 48 hours.",
      ),
    ].join("\n"),
  );
}

/** `reliq groups acknowledge|resolve|ignore|arm <group>` */
export async function changeGroup(
  name: "acknowledge-group" | "arm-group" | "ignore-group" | "resolve-group",
  group: string,
  options: ChangeOptions,
): Promise<void> {
  const { inVersion, until, deaths } = options;
  const conditions = {
    ...(inVersion !== undefined && { version: inVersion }),
    ...(until !== undefined && { untilMs: until }),
    ...(deaths !== undefined && { deaths }),
  };
  printAnswer(options, await callApi(options, name, { group, ...conditions }), (changed) => describeGroups([changed]));
}

function describeGroups(groups: readonly FailureGroup[]): string {
  const rows = groups.map(({ id, state, healing, errorName, message, deaths, heals, relapses, lastSeenAtMs }) => [
    safeLine(id),
    state,
    healing,
    safeLine(`${errorName}: ${message}`, 50),
    deaths,
    heals,
    relapses,
    showTime(lastSeenAtMs),
  ]);
  const head = ["group", "state", "healing", "reason", "deaths", "heals", "relapses", "last seen"];
  return formatTable(head, rows, "No failure groups.");
}
