import type { FailureGroup } from "../failure/failure-group.ts";
import type { RecoverPorts, Transition } from "../recover-ports.ts";
import type { Alert, AlertState } from "./alert-state.ts";
import { type Announcement, nextAnnouncement } from "./next-announcement.ts";

/** How many failed messages an alert names. */
const SAMPLES = 3;

/** How much before its time a reminder may come: delays are in whole seconds. */
const EARLY_MS = 2_000;

/** What alerts go by. */
export interface AlertTimes {
  /** Between two alerts of one group. */
  readonly windowSeconds: number;
  /** How long a message of a queue can take to die. */
  readonly longestSeconds: (queue: string) => number;
}

/**
 * Tells people what there is to tell of a group, if anything, and looks again when its window ends. Killed between the telling
 * and its record, it is told again under the same id.
 */
export async function announce(groupId: string, times: AlertTimes, ports: RecoverPorts): Promise<void> {
  const { store, now } = ports;
  const [[group], state] = await Promise.all([store.groups([groupId]), store.alert(groupId)]);
  if (!group) return;
  const next = await nextOf(group, state, times, ports);
  switch (next.kind) {
    case "nothing":
      return;
    case "wait": {
      const isMine = state?.sendingUntilMs !== undefined || next.untilMs - now() <= EARLY_MS;
      return isMine ? lookAt(group, next.untilMs, ports) : undefined;
    }
    case "look-again": {
      // Before the record says so: killed in between, nobody else would look.
      await lookAt(group, next.untilMs, ports);
      await note(group, "alert-kept-open", { because: next.because }, { before: state, after: next.after }, ports);
      return;
    }
    case "close":
      await note(group, "alert-closed", {}, { before: state, after: next.after }, ports);
      return;
    case "tell": {
      const details = { kind: next.what, count: next.count };
      const committed = await note(group, "alerted", details, { before: state, after: next.before }, ports);
      return committed === "committed" ? send(group, next.before, next, times, ports) : undefined;
    }
    case "repeat":
      return state && send(group, state, next, times, ports);
  }
}

/** Whether anything is under way is looked for only where an all-clear depends on it. */
async function nextOf(
  group: FailureGroup,
  state: AlertState | undefined,
  { windowSeconds, longestSeconds }: AlertTimes,
  { store, now }: RecoverPorts,
): Promise<Announcement> {
  const facts = { windowMs: windowSeconds * 1_000, longestMs: longestSeconds(group.queue) * 1_000 };
  const next = nextAnnouncement(group, state, { ...facts, underWay: false }, now());
  const isOver = next.kind === "close" || (next.kind === "tell" && next.what === "all-clear");
  if (!isOver || !(await isUnderWay(group, store))) return next;
  return nextAnnouncement(group, state, { ...facts, underWay: true }, now());
}

async function isUnderWay(
  { queue, fingerprint }: FailureGroup,
  store: Pick<RecoverPorts["store"], "listFailures">,
): Promise<boolean> {
  const states = ["healing", "requeued"] as const;
  const lists = states.map((state) => store.listFailures({ filter: { queue, fingerprint, state }, limit: 1 }));
  return (await Promise.all(lists)).some(({ failures, next }) => failures.length > 0 || next !== undefined);
}

async function send(
  group: FailureGroup,
  told: AlertState,
  next: Extract<Announcement, { kind: "repeat" | "tell" }>,
  { windowSeconds }: AlertTimes,
  ports: RecoverPorts,
): Promise<void> {
  await ports.alerts.send(await alertOf(group, told, next.what, next.count, ports));
  // Before the record says that it was told: killed in between, nobody else would look when the window ends.
  if (next.after.state === "open") {
    await ports.wakeUps.add([{ wakeUp: { kind: "alert", group: group.id }, afterSeconds: windowSeconds }]);
  }
  await note(group, "alert-sent", {}, { before: told, after: next.after }, ports);
}

function note(
  { id, queue }: FailureGroup,
  action: string,
  details: Readonly<Record<string, unknown>>,
  alert: Transition<AlertState>,
  { store, now }: RecoverPorts,
): Promise<"committed" | "conflict"> {
  const audit = { chain: queue, atMs: now(), by: "reliq", action, subjects: [id], details };
  return store.commit({ alerts: [alert], audit });
}

function lookAt({ id }: FailureGroup, atMs: number, { wakeUps, now }: RecoverPorts): Promise<void> {
  const afterSeconds = Math.max(1, Math.ceil((atMs - now()) / 1_000));
  return wakeUps.add([{ wakeUp: { kind: "alert", group: id }, afterSeconds }]);
}

async function alertOf(
  group: FailureGroup,
  { openedAtMs, announcedDeaths }: AlertState,
  kind: Alert["kind"],
  count: number,
  { store }: RecoverPorts,
): Promise<Alert> {
  const { id, queue, fingerprint, category, severity, errorName, message, firstSeenAtMs, lastSeenAtMs, deaths } = group;
  const { failures } = await store.listFailures({ filter: { queue, fingerprint }, limit: SAMPLES });
  return {
    kind,
    incident: `${id}@${openedAtMs}`,
    group: id,
    queue,
    title: titleOf(group, kind, count),
    count,
    total: deaths,
    category,
    severity,
    errorName,
    message,
    firstSeenAtMs,
    lastSeenAtMs,
    samples: failures.map((failure) => failure.id),
    id: `${id}@${openedAtMs}:${kind}:${announcedDeaths}`,
  };
}

function titleOf({ queue, errorName, deaths }: FailureGroup, kind: Alert["kind"], count: number): string {
  switch (kind) {
    case "failures":
      return `${queue}: ${count} ${count === 1 ? "message" : "messages"} failed with ${errorName}`;
    case "healing-disarmed":
      return `${queue}: healing of ${errorName} is disarmed, too much of it failed again`;
    case "all-clear":
      return `${queue}: no more ${errorName}, after ${deaths} in all`;
  }
}
