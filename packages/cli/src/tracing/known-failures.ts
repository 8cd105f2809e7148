import { idsOfFailure, type KnownFailure, withRemembered } from "@reliq/aws/region";
import type { JournalEntry } from "@reliq/core";
import {
  type FailedMessage,
  type FailureDetail,
  failureId,
  type Span,
  spanQueues,
  type TracedAttempt,
} from "@reliq/core/recovery";
import { findJournals } from "../dead-messages.ts";
import { failureStores } from "../failure-stores.ts";
import { inParts } from "../in-parts.ts";
import { listQueues } from "../queues.ts";
import type { RecoveryClient } from "../recovery-client.ts";

/** How many ids are asked about at once. */
const ASKED_AT_ONCE = 10;

/** What the region's failure stores and journals have of a message, by one of its ids. */
export async function failureInRegion(endpoint: string, ids: readonly string[]): Promise<KnownFailure> {
  const queues = (await listQueues(endpoint)).map(({ name }) => name);
  const [failure] = await storedFailures(endpoint, queues, ids);
  const all = new Set([...ids, ...(failure ? idsOfFailure(failure) : [])]);
  const journals = await findJournals(endpoint);
  const asked = journals.flatMap((journal) =>
    queues.flatMap((queue) => [...all].map((id) => journal.attempts(queue, id))),
  );
  const entries = (await Promise.all(asked)).flat();
  return { ...(failure && { failure }), attempts: withRemembered(entries.map(ofEntry), failure) };
}

/** What recovery's API has of a message: on the queues that its spans name, else on any that recovery serves. */
export async function failureByApi(
  callApi: RecoveryClient,
  ids: readonly string[],
  spans: readonly Span[],
): Promise<KnownFailure> {
  const found =
    (await findFailure(callApi, spanQueues(spans), ids)) ??
    (await findFailure(callApi, await servedQueues(callApi), ids));
  if (!found) return { attempts: [] };
  return { failure: found.failure, attempts: withRemembered(found.attempts.map(ofEntry), found.failure) };
}

async function servedQueues(callApi: RecoveryClient): Promise<readonly string[]> {
  const { totals } = await callApi("get-totals", {});
  return totals.map(({ queue }) => queue);
}

async function findFailure(
  callApi: RecoveryClient,
  queues: readonly string[],
  ids: readonly string[],
): Promise<FailureDetail | undefined> {
  const names = queues.flatMap((queue) => ids.map((id) => failureId(queue, id)));
  // It refuses an id that it does not have.
  const ask = (failure: string) => callApi("get-failure", { failure }).catch(() => undefined);
  return (await inParts(names, ASKED_AT_ONCE, ask)).find((each) => each !== undefined);
}

async function storedFailures(
  endpoint: string,
  queues: readonly string[],
  ids: readonly string[],
): Promise<readonly FailedMessage[]> {
  const names = queues.flatMap((queue) => ids.map((id) => failureId(queue, id)));
  const stores = await failureStores(endpoint);
  const found = await Promise.all(stores.map((store) => store.failures(names)));
  return found.flat().filter((failure) => failure !== undefined);
}

function ofEntry({ messageId, receiveCount, failedAtMs, reason }: JournalEntry): TracedAttempt {
  return { messageId, receiveCount, failedAtMs, errorName: reason.errorName, message: reason.message };
}
