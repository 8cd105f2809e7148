import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import type { FailureDetail, FailureExplanation, FailurePage } from "@reliq/core/recovery";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RecoveryTrial, recoveryTrial } from "./recovery-trial.ts";

let trial: RecoveryTrial;
beforeAll(async () => {
  trial = await recoveryTrial();
}, 320_000);
afterAll(() => trial?.end());

const LONGEST_MS = 480_000;

test(
  "edit: checked against the consumer's schema, with the original kept, sent at once and processed as edited",
  async () => {
    const { send, until, run } = trial;
    const id = await send({ amount: -1, currency: "EUR" }, { region: { DataType: "String", StringValue: "us" } });
    await until("held", id);
    const refused = await run("failures", "edit", id, "--body", '{"amount":-2,"currency":"EUR"}');
    expect([refused.code, refused.output]).toEqual([1, expect.stringContaining("it does not fit")]);
    expect((await run("failures", "edit", id)).output).toContain("Give --body, --attributes, or both");
    const body = '{"amount":7,"currency":"EUR"}';
    const edited = await run("failures", "edit", id, "--body", body, "--attributes", '{"region":"eu"}', "--send");
    expect([edited.code, edited.output]).toEqual([0, expect.stringContaining("amount: -1 → 7")]);
    expect(edited.output).toContain('attribute.region: "String us" → "String eu"');
    const [record] = await until("resolved", id);
    expect(record).toMatchObject({ via: "edit", body, original: { body: '{"amount":-1,"currency":"EUR"}' } });
    expect((await run("failures", "show", id)).output).toMatch(/attribute region \(String\): eu/);
    expect((await run("failures", "edit", id, "--body", "{}")).output).toContain("is resolved; a held message can be");
  },
  LONGEST_MS,
);

test(
  "hold takes a heal back, heal sends it by hand, and a message is discarded by an approver alone, for a reason",
  async () => {
    const { send, until, run, runAs, setFaults, store } = trial;
    setFaults("dependency");
    const ids = [
      await send({ amount: 1, currency: "EUR", fault: "dependency" }),
      await send({ amount: 2, currency: "EUR", fault: "dependency" }),
    ];
    const [healed = "", discarded = ""] = ids;
    await until("healing", ...ids);
    const held = await run("failures", "hold", ...ids, healed);
    expect([held.code, held.output.match(/held/g)]).toEqual([0, ["held", "held"]]);
    setFaults();
    expect((await run("failures", "heal", healed)).output).toContain(`sent ${healed}`);
    expect((await until("resolved", healed))[0]).toMatchObject({ via: "heal", heals: 1 });
    const byOperator = await run("failures", "discard", discarded, "--reason", "test data");
    expect([byOperator.code, byOperator.output]).toEqual([1, expect.stringContaining("for the role approver")]);
    const byLead = await runAs("lead", "failures", "discard", discarded, "--reason", "test data");
    expect([byLead.code, byLead.output]).toEqual([0, expect.stringContaining(`discarded ${discarded}`)]);
    const again = await run("failures", "heal", discarded);
    expect([again.code, again.output]).toEqual([1, expect.stringContaining("it is discarded")]);
    const entry = (await store.audit("orders", 1)).find(({ action }) => action === "discarded");
    expect(entry).toMatchObject({ by: "arn:aws:iam::000000000000:user/lead", details: { reason: "test data" } });
  },
  LONGEST_MS,
);

test(
  "repair: a preview of each difference that changes nothing, then the whole group repaired, sent and processed",
  async () => {
    const { send, until, run, store } = trial;
    const ids = await Promise.all([3, 4, 5].map((amount) => send({ amount })));
    const [first = ""] = ids;
    const [record] = await until("held", ...ids);
    const group = `orders:${record?.reason.fingerprint}`;
    const preview = await run("failures", "repair", "--group", group, "--repair", "currency");
    expect(preview.output.match(/currency: \(none\) → "EUR"/g)).toHaveLength(3);
    expect(preview.output).toContain("3 of 3 would be repaired. Nothing is changed yet");
    expect((await store.failures(ids)).map((each) => each?.version)).toEqual([1, 1, 1]);
    const one = await run("failures", "repair", first, "--repair", "currency", "--apply");
    expect([one.code, one.output]).toEqual([0, expect.stringContaining(`repaired ${first}`)]);
    const all = await run("failures", "repair", "--queue", "orders", "--repair", "currency", "--apply", "--send");
    expect(all.output.match(/repaired and sent/g)).toHaveLength(2);
    expect(all.output).toContain(`left as it is ${first}: the fault is not there`);
    await until("resolved", ...ids.slice(1));
    expect((await store.failures([first]))[0]).toMatchObject({ state: "held", changes: [{ kind: "repair" }] });
    expect((await run("failures", "repair", first, "--repair", "none")).output).toContain("registered are currency");
    expect((await run("failures", "repair", "--repair", "currency")).output).toContain("Which messages?");
  },
  LONGEST_MS,
);

test(
  "policy: explained rule by rule for one message, and a candidate tested on what was stored",
  async () => {
    const { send, until, run, read, directory } = trial;
    const id = await send({ amount: 0, currency: "EUR" });
    await until("held", id);
    const explained = await run("policy", "explain", id);
    expect(explained.output).toMatch(/held, by rule otherwise/);
    expect(explained.output).toMatch(/· may pass: .*category/);
    const candidate = join(directory, "candidate.yaml");
    writeFileSync(
      candidate,
      "rules:\n  - name: never valid\n    when: { category: validation }\n    then: [archive]\n",
    );
    const other = await read<FailureExplanation>("policy", "explain", id, "--policy", candidate);
    expect(other.decision).toMatchObject({ to: "archived", rule: "never valid" });
    const report = await run("policy", "backtest", candidate, "--queue", "orders", "--category", "validation");
    expect([report.code, report.output]).toEqual([0, expect.stringMatching(/archived +0 +[1-9]/)]);
    expect(report.output).toMatch(/archived: orders:\S+ held → archived/);
  },
  LONGEST_MS,
);

test(
  "failures: what recovery keeps is listed beside dead-letter queues, whole as JSON",
  async () => {
    const { send, until, run, read } = trial;
    const id = await send({ amount: -9, currency: "EUR" });
    await until("held", id);
    const listed = await read<FailurePage["failures"]>("failures", "--queue", "orders");
    expect(listed.find((each) => each.id === id)).toMatchObject({
      state: "held",
      body: '{"amount":-9,"currency":"EUR"}',
    });
    expect((await run("failures", "--messages")).output).toContain(id);
    const page = await read<FailurePage>("failures", "list", "--state", "held", "--limit", "1", "--whole");
    expect(page).toMatchObject({ failures: [{ id, attempts: [{ receiveCount: 1 }] }], next: expect.any(String) });
  },
  LONGEST_MS,
);

test(
  "show: whatever a message holds, its text has nothing that a terminal obeys, and its JSON is what was sent",
  async () => {
    const { send, until, run, read } = trial;
    const note = "\u009b2J\u202e\u0085\u2028<script>alert(1)</script>\u001b]0;title\u0007__proto__";
    const order = { amount: -1, currency: "EUR", note };
    const raw = { DataType: "Binary", BinaryValue: Buffer.from([0xff, 0x1b, 0x5b, 0x32, 0x4a]) };
    const id = await send(order, { raw });
    await until("held", id);
    const { output } = await run("failures", "show", id);
    expect(output.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u);
    expect(output).toContain("<script>alert(1)</script>");
    expect(output).toContain("attribute raw (Binary): bytes");
    const detail = await read<FailureDetail>("failures", "show", id);
    expect(JSON.parse(detail.body)).toEqual(order);
  },
  LONGEST_MS,
);

test(
  "audit: who did what to which message is listed, verified, and an entry that somebody changed is found",
  async () => {
    const { send, until, run, runAs, dynamodb } = trial;
    const id = await send({ amount: -3, currency: "EUR" });
    await until("held", id);
    await runAs("ann", "failures", "edit", id, "--body", '{"amount":3,"currency":"EUR"}');
    expect((await run("audit", "list")).output).toMatch(/orders +\d+/);
    const listed = await run("audit", "list", "--queue", "orders");
    expect(listed.output).toMatch(new RegExp(`user/ann +edited +${id.slice(0, 30)}`));
    const verified = await run("audit", "verify");
    expect([verified.code, verified.output]).toEqual([0, expect.stringMatching(/verified orders: \d+ entries/)]);

    const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: "failures" }));
    const Item = Items.find(({ entry }) => entry?.S?.includes('"edited"') && entry.S.includes("user/ann"));
    const entry = { S: Item?.["entry"]?.S?.replace("user/ann", "user/bob") ?? "" };
    await dynamodb.send(new PutItemCommand({ TableName: "failures", Item: { ...Item, entry } }));
    const broken = await run("audit", "verify", "--queue", "orders");
    expect([broken.code, broken.output]).toEqual([1, expect.stringMatching(/broken orders at entry \d+/)]);
  },
  LONGEST_MS,
);
