import { styleText } from "node:util";
import type { FailureFilter, FailurePage } from "@reliq/core/recovery";
import { printAnswer } from "../print-answer.ts";
import { type ApiOptions, callApi, partOptions } from "../recovery-client.ts";
import { describePage } from "./failed-messages.ts";

interface ListOptions extends ApiOptions, FailureFilter {
  readonly limit?: number;
  readonly after?: string;
  readonly whole?: boolean;
}

/** `reliq archive list`: archived messages, newest first, and what brings them back. */
export async function listArchive(given: ListOptions): Promise<void> {
  const { options, input } = partOptions(given);
  const page = await callApi(options, "list-failures", { ...input, state: "archived" });
  printAnswer(options, page, describeArchive);
}

function describeArchive(page: FailurePage): string {
  const queues = [...new Set(page.failures.map(({ queue }) => queue))];
  const hints = queues.map((queue) =>
    styleText("dim", `reliq replay plan --queue ${queue} says what would bring them back.`),
  );
  return queues.length === 0 ? styleText("dim", "Nothing is archived.") : [describePage(page), ...hints].join("\n");
}
