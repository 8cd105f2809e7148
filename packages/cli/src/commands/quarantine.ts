import type { GroupMark, QuarantineDetail } from "@reliq/core/recovery";
import { confirm, needText } from "../ask.ts";
import { printAnswer, showTime } from "../print-answer.ts";
import { formatTable } from "../print-table.ts";
import { type ApiOptions, callApi } from "../recovery-client.ts";
import { safeLine } from "../safe-text.ts";

/** `reliq quarantine list --queue <name>`: the message groups that wait for a failed message, the longest first. */
export async function listQuarantines(options: ApiOptions & { readonly queue: string }): Promise<void> {
  const answer = await callApi(options, "list-quarantines", { queue: options.queue });
  printAnswer(options, answer, ({ quarantines }) => describeMarks(quarantines));
}

/** `reliq quarantine show|release <queue:group>` */
export async function showQuarantine(
  name: "get-quarantine" | "release-quarantine",
  quarantine: string,
  options: ApiOptions,
): Promise<void> {
  printAnswer(options, await callApi(options, name, { quarantine }), describeDetail);
}

/** `reliq quarantine skip <queue:group> --reason <text>`: the group goes on without its failed message. */
export async function skipQuarantine(
  quarantine: string,
  options: ApiOptions & { readonly reason?: string; readonly yes?: boolean },
): Promise<void> {
  const missing = "Why does it go on without its failed message? Say it with --reason TEXT: the audit keeps it.";
  const reason = await needText(options.reason, "Why does it go on without it? The audit keeps it:", missing, options);
  await confirm("Whatever is behind the failed message overtakes it. Let the group go on?", options);
  const detail = await callApi(options, "skip-quarantine", { quarantine, reason });
  printAnswer(options, detail, ({ behind, failure }) =>
    [
      `${failure ? safeLine(failure.id) : "The failed message"} is overtaken by ${behind} messages.`,
      describeDetail(detail),
    ].join("\n"),
  );
}

/** `reliq quarantine hold <failure>`: its group waits for it from now on. */
export async function startQuarantine(failure: string, options: ApiOptions): Promise<void> {
  printAnswer(options, await callApi(options, "start-quarantine", { failure }), describeDetail);
}

function describeMarks(marks: readonly GroupMark[]): string {
  const rows = marks.map(({ queue, group, phase, front, suspect, setAside, sent, dropped, sinceMs }) => [
    safeLine(`${queue}:${group}`),
    phase === "free" ? "retrying" : phase,
    safeLine((front ?? suspect)?.lineage ?? ""),
    setAside + dropped - sent,
    showTime(sinceMs),
  ]);
  return formatTable(["group", "state", "waits for", "behind it", "since"], rows, "No group is held.");
}

function describeDetail({ mark, failure, behind, messages }: QuarantineDetail): string {
  const why = failure
    ? `waits for ${safeLine(failure.id)}, ${failure.state}: ${safeLine(`${failure.reason.errorName}: ${failure.reason.message}`, 100)}`
    : "";
  const rows = messages.map(({ place, lineage, sentAtMs, setAsideAtMs }) => [
    safeLine(lineage),
    place,
    showTime(sentAtMs),
    showTime(setAsideAtMs),
  ]);
  const head = `${safeLine(`${mark.queue}:${mark.group}`)} is ${mark.phase}; ${behind} messages are set aside.`;
  const table = formatTable(["message", "place", "sent", "set aside"], rows, "None waits.");
  return [head, ...(why === "" ? [] : [why]), "", table].join("\n");
}
