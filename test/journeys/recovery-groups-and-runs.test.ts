import type { FailureGroup, FailurePage, RedriveRun, RunPlan } from "@reliq/core/recovery";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RecoveryTrial, recoveryTrial } from "./recovery-trial.ts";

let trial: RecoveryTrial;
beforeAll(async () => {
  trial = await recoveryTrial();
}, 320_000);
afterAll(() => trial?.end());

const LONGEST_MS = 480_000;
const PATIENCE = { timeout: 240_000, interval: 500 };

async function groupOf(id: string): Promise<FailureGroup> {
  const [record] = await trial.store.failures([id]);
  const [group] = await trial.store.groups([`orders:${record?.reason.fingerprint}`]);
  return group as FailureGroup;
}

test(
  "groups: listed and shown, acknowledged, resolved, and regressed when the problem comes back",
  async () => {
    const { send, until, run, read } = trial;
    const first = await send({ amount: -1, currency: "EUR" });
    await until("held", first);
    const { id } = await groupOf(first);
    const listed = await read<{ groups: readonly FailureGroup[] }>("groups", "list", "--queue", "orders");
    expect(listed.groups).toMatchObject([{ id, state: "open", deaths: 1, consumerVersion: "1.0.0" }]);
    expect((await run("groups", "acknowledge", id)).output).toMatch(/acknowledged +armed +ValidationFailure/);
    expect((await run("groups", "show", id)).output).toMatch(/acknowledged[\s\S]*hour +deaths\n\d{4}-.*:00:00 +1/);
    // A death in 1.0.0 does not bring back what 1.1.0 resolved.
    expect((await run("groups", "resolve", id, "--in-version", "1.1.0")).output).toMatch(/resolved/);
    await until("held", await send({ amount: -2, currency: "EUR" }));
    expect(await groupOf(first)).toMatchObject({ state: "resolved", deaths: 2 });
    await run("groups", "resolve", id);
    await until("held", await send({ amount: -3, currency: "EUR" }));
    expect(await groupOf(first)).toMatchObject({ state: "regressed", deaths: 3 });
    expect((await run("groups", "list", "--state", "regressed")).output).toContain(id);
    expect((await run("groups", "acknowledge", "orders:none")).output).toContain("There is no failure group");
  },
  LONGEST_MS,
);

test(
  "groups: ignored until a number of deaths, and until a time, then open again",
  async () => {
    const { send, until, run, setFaults } = trial;
    setFaults("bug");
    const bug = { amount: 1, currency: "EUR", fault: "bug" };
    const first = await send(bug);
    await until("held", first);
    const { id } = await groupOf(first);
    const past = await run("groups", "ignore", id, "--until", "2020-01-01T00:00:00Z");
    expect([past.code, past.output]).toEqual([1, expect.stringContaining("that is over")]);
    expect((await run("groups", "ignore", id)).output).toContain("ignored until when?");
    expect((await run("groups", "ignore", id, "--deaths", "3")).output).toMatch(/ignored/);
    await until("held", await send(bug));
    expect(await groupOf(first)).toMatchObject({ state: "ignored", deaths: 2 });
    await until("held", await send(bug));
    expect(await groupOf(first)).toMatchObject({ state: "open", deaths: 3 });

    const until30 = new Date(Date.now() + 30_000).toISOString();
    expect((await run("groups", "ignore", id, "--until", until30)).output).toMatch(/ignored/);
    await expect.poll(() => Date.now(), PATIENCE).toBeGreaterThan(Date.parse(until30));
    await until("held", await send(bug));
    expect(await groupOf(first)).toMatchObject({ state: "open", deaths: 4 });
  },
  LONGEST_MS,
);

test(
  "replay: by category, problem and time; its dry run changes nothing, and what it brings back is processed",
  async () => {
    const { send, until, run, read, setFaults, store } = trial;
    setFaults("lost");
    const lost = { amount: 1, currency: "EUR", fault: "lost" };
    const early = await send(lost);
    const [record] = await until("archived", early);
    const late = [await send(lost), await send(lost)];
    await until("archived", ...late);
    setFaults();
    const between = String((record?.capturedAtMs ?? 0) + 1);
    const scope = ["--queue", "orders", "--category", "permanent", "--from-ms", between] as const;
    const plan = await read<RunPlan>("replay", "plan", ...scope);
    expect(plan.messages.map(({ failure, verdict }) => [failure, verdict]).toSorted()).toEqual(
      late.map((id) => [id, "safe"]).toSorted(),
    );
    expect((await store.failures([early, ...late])).map((each) => each?.state)).toEqual(Array(3).fill("archived"));
    const none = await run("replay", "plan", "--queue", "orders", "--category", "auth");
    expect(none.output).toContain("There is nothing to replay");
    const replayed = await read<RedriveRun>("replay", "start", ...scope, "--ramp", "1,5");
    expect(replayed).toMatchObject({ kind: "replay", state: "done", sent: 2, resolved: 2 });
    expect((await until("resolved", ...late)).map(({ via }) => via)).toEqual(["replay", "replay"]);
    expect((await store.failures([early]))[0]?.state).toBe("archived");
    const { fingerprint = "" } = record?.reason ?? {};
    const rest = await read<RedriveRun>("replay", "start", "--queue", "orders", "--fingerprint", fingerprint);
    expect(rest).toMatchObject({ state: "done", sent: 1, resolved: 1 });
  },
  LONGEST_MS,
);

test(
  "redrive: paused it sends nothing more, resumed it goes on, cancelled it leaves the rest where it is",
  async () => {
    const { send, until, run, read, setFaults, store } = trial;
    setFaults("bug");
    const ids = await Promise.all(
      Array.from({ length: 12 }, (_, amount) => send({ amount: amount + 1, currency: "EUR", fault: "bug" })),
    );
    const held = await until("held", ...ids);
    setFaults();
    const since = String(Math.min(...held.map(({ capturedAtMs }) => capturedAtMs)));
    const scope = ["--queue", "orders", "--error-name", "TypeError", "--from-ms", since];
    const slow = ["--ramp", "1", "--rate-per-second", "0.2", "--detach"];
    const { id } = await read<RedriveRun>("redrive", "start", ...scope, ...slow);
    const runOf = async (): Promise<RedriveRun> => await read<RedriveRun>("redrive", "status", id, "--detach");
    await expect.poll(async () => (await runOf()).sent, PATIENCE).toBeGreaterThan(0);
    expect((await run("redrive", "pause", id)).output).toContain("paused");
    const twice = await run("redrive", "start", ...scope);
    expect([twice.code, twice.output]).toEqual([1, expect.stringContaining("run-exists")]);
    // What was under way when it was paused may still be noted.
    const settled = async (): Promise<number> => {
      const { sent, resolved } = await runOf();
      return sent - resolved;
    };
    await expect.poll(settled, PATIENCE).toBe(0);
    const { sent } = await runOf();
    const processed = (await store.failures(ids)).filter((each) => each?.state === "resolved");
    expect([processed.length, (await runOf()).state]).toEqual([sent, "paused"]);
    expect((await run("redrive", "resume", id)).output).toContain("running");
    await expect.poll(async () => (await runOf()).sent, PATIENCE).toBeGreaterThan(sent);
    expect((await run("redrive", "cancel", id)).output).toContain("cancelled");
    await expect.poll(settled, PATIENCE).toBe(0);
    const last = await runOf();
    expect(last).toMatchObject({ state: "cancelled", relapsed: 0 });
    const states = (await store.failures(ids)).map((each) => each?.state);
    expect(states.filter((state) => state === "resolved")).toHaveLength(last.sent);
    const rest = await read<FailurePage>("failures", "list", ...scope, "--state", "held");
    expect(rest.failures).toHaveLength(ids.length - last.sent);
    expect((await run("redrive", "resume", id)).code).toBe(1);
    expect((await run("redrive", "status")).output).toContain(id);
  },
  LONGEST_MS,
);
