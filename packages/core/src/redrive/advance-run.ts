import { ReliqError } from "../errors.ts";
import { observe } from "../heal/observe.ts";
import type { RecoverPorts } from "../recover-ports.ts";
import { commitStep } from "./commit-step.ts";
import { outcomeOf } from "./outcome-of.ts";
import { readPace } from "./read-pace.ts";
import type { RedriveRun, RunEntry } from "./redrive-run.ts";
import { type EntrySends, sendEntries } from "./send-entries.ts";
import { countChanges, type RunStep, stepRun } from "./step-run.ts";
import { writePlan } from "./write-plan.ts";

/** Clocks of hosts differ by so much, ms: a wake-up that is early by less is not. */
const CLOCK_SKEW_MS = 500;

/** How often a step is decided again because something changed under it. */
const MOST_TRIES = 5;

/** The most entries that one commit settles, and as many planned ones as it can send. */
const MOST_SETTLED = 25;
const PLANNED_WANTED = 100;

/**
 * Carries a run on: writes its plan, counts outcomes, sends the next messages, and sets the next wake-up. Killed anywhere and
 * called again, it goes on where it was: an entry whose message its record says was sent is sent once more as it was, and counted
 * once. Of two at once, one commits. Its wake-up must stay hidden for longer than a minute before it comes again, so that the one
 * who comes before the run's time is a copy.
 * @throws where a message could not be sent, or a port fails: the wake-up comes again.
 */
export async function advanceRun(
  id: string,
  longestSeconds: (queue: string) => number,
  ports: RecoverPorts,
): Promise<void> {
  const sentHere = new Set<string>();
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const run = await ports.store.run(id);
    if (run === undefined || isEarly(run, ports.now())) return;
    const planned = run.state === "planning" ? await writePlan(run, ports) : run;
    const done = planned && (await step(planned, sentHere, longestSeconds, ports));
    if (done) return;
  }
  throw new ReliqError("run-changing", `The run ${id} changed under each of ${MOST_TRIES} steps.`, { retryable: true });
}

function isEarly({ wakeAtMs = 0 }: RedriveRun, nowMs: number): boolean {
  return nowMs < wakeAtMs - CLOCK_SKEW_MS;
}

/** False: the run changed meanwhile, and nothing of the step is committed. */
async function step(
  run: RedriveRun,
  sentHere: Set<string>,
  longestSeconds: (queue: string) => number,
  ports: RecoverPorts,
): Promise<boolean> {
  const entries = await readEntries(run, ports);
  const outcomes = await readOutcomes(entries, longestSeconds, ports);
  const doubtful = entries.filter(
    ({ state, failure }) => state === "planned" && outcomes.get(failure)?.kind === "waiting",
  );
  const settledNow = limit(entries, outcomes);
  const pace = await readPace(run, entries, ports);
  const decided = stepRun({ run, entries, outcomes: settledNow, pace, nowMs: ports.now() });
  const sends = await sendEntries(
    run,
    decided.send,
    doubtful.filter(({ failure }) => !sentHere.has(failure)),
    ports,
  );
  for (const { failure } of sends.sent) sentHere.add(failure);
  const more = settledNow.size < outcomes.size;
  const whole = withSends(decided, entries, sends);
  const stepped = more && whole.wakeAfterSeconds !== undefined ? { ...whole, wakeAfterSeconds: 0 } : whole;
  return commitStep(run, entries, stepped, ports);
}

/** All entries that are on their way, and enough of those that are not sent yet. */
async function readEntries(run: RedriveRun, { store }: RecoverPorts): Promise<readonly RunEntry[]> {
  const entries: RunEntry[] = [];
  for (let from = run.from; from < run.planned; from = (entries.at(-1)?.position ?? from) + 1) {
    const page = await store.entries(run.id, from);
    entries.push(...page);
    const planned = entries.filter(({ state }) => state === "planned").length;
    if (page.length === 0 || planned >= PLANNED_WANTED) break;
  }
  return entries;
}

type Outcomes = ReadonlyMap<string, ReturnType<typeof outcomeOf>>;

/** Looks at what the entries' consumers claim first, so that outcomes are as new as can be. */
async function readOutcomes(
  entries: readonly RunEntry[],
  longestSeconds: (queue: string) => number,
  ports: RecoverPorts,
): Promise<Outcomes> {
  const open = entries.filter(({ state }) => state === "planned" || state === "sent");
  const sent = open.filter(({ state }) => state === "sent").map(({ failure }) => failure);
  await observe(sent, Number.POSITIVE_INFINITY, longestSeconds, ports);
  const records = await ports.store.failures(open.map(({ failure }) => failure));
  return new Map(open.map((entry, index) => [entry.failure, outcomeOf(entry, records[index])]));
}

/** As many changes as fit into a commit, what died again first; the others are looked at again at once. */
function limit(entries: readonly RunEntry[], outcomes: Outcomes): Outcomes {
  const changes = entries.filter(({ state, failure }) => {
    const kind = outcomes.get(failure)?.kind;
    return kind === "relapsed" || kind === "resolved" || (kind === "waiting" && state === "planned");
  });
  if (changes.length <= MOST_SETTLED) return outcomes;
  const isRelapse = ({ failure }: RunEntry): boolean => outcomes.get(failure)?.kind === "relapsed";
  const first = [...changes.filter(isRelapse), ...changes.filter((entry) => !isRelapse(entry))].slice(0, MOST_SETTLED);
  const later = new Set(changes.filter((entry) => !first.includes(entry)).map(({ failure }) => failure));
  return new Map([...outcomes].filter(([failure]) => !later.has(failure)));
}

/** A step with what its sends came to. */
function withSends(decided: RunStep, entries: readonly RunEntry[], { sent, skipped }: EntrySends): RunStep {
  const { run } = decided;
  const changes = new Map([...decided.changed, ...skipped].map((entry) => [entry.position, entry]));
  for (const entry of sent) changes.set(entry.position, { ...entry, state: "sent", step: run.step });
  const before = entries.map((entry) => decided.changed.find(({ position }) => position === entry.position) ?? entry);
  const after = before.map((entry) => changes.get(entry.position) ?? entry);
  return { ...decided, run: countChanges(run, before, after), changed: [...changes.values()] };
}
