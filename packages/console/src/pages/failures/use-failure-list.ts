import type { ApiAnswers, FailureSummary } from "@reliq/core/recovery";
import { useState } from "react";
import { callApi } from "../../api/call-api.ts";
import { type Answered, useAnswer } from "../../api/use-answer.ts";
import { useRevision } from "../../live/live.tsx";
import { type CursorPages, useCursorPages } from "../../parts/cursor-pages.ts";
import type { FailureQuery } from "./failure-query.ts";

/** Failures of a page. */
const PAGE = 25;

/** How many reads a page is filled by: a filter by several things can find few in each. */
const MOST_READS = 8;

/** What is asked for at once where the first read found nothing: a read looks through ten times that, and one large is sooner done than eight small. */
const WIDE = 200;

/** A list of failures, a page at a time: how many there are in all is not counted. */
export interface FailureList {
  readonly answered: Answered<ApiAnswers["list-failures"]>;
  readonly cursor: CursorPages;
}

/** A first page that was asked for before its list is drawn. */
let begun: { readonly key: string; readonly answer: Promise<ApiAnswers["list-failures"]> } | undefined;

/** Asks for a first page now: the list that is drawn next takes it. */
export function beginFailureList(system: string, asked: FailureQuery): void {
  const answer = readPage(system, asked, undefined);
  begun = { key: keyOf(system, asked), answer };
  // Who takes it is told of its error.
  answer.catch(() => undefined);
}

function takeBegun(key: string): Promise<ApiAnswers["list-failures"]> | undefined {
  const answer = begun?.key === key ? begun.answer : undefined;
  begun = undefined;
  return answer;
}

function keyOf(system: string, asked: FailureQuery): string {
  return JSON.stringify([system, asked]);
}

/** Reads the failures that are asked for; the first page is kept as it is in the store now, while nobody has chosen any of it. */
export function useFailureList(system: string, asked: FailureQuery, still: boolean): FailureList {
  const key = keyOf(system, asked);
  const cursor = useCursorPages(key);
  const revision = useRevision(system);
  const [shown, setShown] = useState(revision);
  if (cursor.page === 1 && !still && shown !== revision) setShown(revision);
  const load = (signal: AbortSignal): Promise<ApiAnswers["list-failures"]> =>
    takeBegun(key) ?? readPage(system, asked, cursor.after, signal);
  return { answered: useAnswer(`${key} ${cursor.page}`, load, shown), cursor };
}

async function readPage(
  system: string,
  asked: FailureQuery,
  after: string | undefined,
  signal?: AbortSignal,
): Promise<ApiAnswers["list-failures"]> {
  const failures: FailureSummary[] = [];
  let next = after;
  for (let read = 0; read < MOST_READS && failures.length < PAGE; read += 1) {
    const isWide = read > 0 && failures.length === 0;
    const limit = isWide ? WIDE : PAGE - failures.length;
    const input = { ...asked, limit, ...(next !== undefined && { after: next }) };
    const answer = await callApi(system, "list-failures", input, signal);
    failures.push(...answer.failures);
    next = answer.next;
    if (next === undefined || isWide) break;
  }
  return { failures, ...(next !== undefined && { next }) };
}
