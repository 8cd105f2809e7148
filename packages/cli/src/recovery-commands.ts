import { type Command, InvalidArgumentError } from "commander";
import { withApi, withYes } from "./region-options.ts";

/** Adds the commands that are clients of recovery's API. @param failures the command that has been there before */
export function addRecoveryCommands(program: Command, failures: Command): void {
  addFailures(failures);
  addGroups(program.command("groups").description("failure groups: each problem once"));
  addQuarantine(program.command("quarantine").description("message groups that wait for a failed message"));
  addPolicy(program.command("policy").description("what is done with failed messages"));
  for (const kind of ["redrive", "replay"] as const) addRuns(program, kind);
  addApprovals(program.command("approvals").description("what waits for another person to approve it"));
  addArchive(program.command("archive").description("messages that are kept whole and are nobody's task"));
  addAudit(program.command("audit").description("who did what to which messages"));
  withApi(program.command("import <queue-url>"))
    .description("capture what is in a dead-letter queue that Reliq did not make; each message is held")
    .option("--queue <name>", "the queue that they died on, where SQS does not say it")
    .action(async (url, options) => (await import("./commands/import.ts")).importQueue(url, options));
}

function addFailures(failures: Command): void {
  const load = () => import("./commands/failed-messages.ts");
  withPage(
    withFilter(withApi(failures.command("list").description("failed messages that recovery keeps, newest first"))),
  )
    .option("--state <state>", "held, healing, requeued, resolved, archived or discarded")
    .action(async (options) => (await load()).listFailures(options));
  withApi(
    failures.command("show <failure>").description("one message whole: why it died, what was decided, its content"),
  )
    .option("--whole", "also where the body is large")
    .action(async (failure, options) => (await load()).showFailure(failure, options));
  withApi(
    failures
      .command("edit <failure>")
      .description("change a held message's body or attributes; what the producer sent is kept"),
  )
    .option("--body <text>", "the new body, or @file")
    .option("--attributes <json>", 'all attributes it is to have, as {"region":"eu"}, or @file')
    .option("--if-version <number>", "only while it is at this version, as `failures show` says it", whole)
    .option("--send", "send it to its queue at once")
    .action(async (failure, options) => (await load()).editFailure(failure, options));
  withFilter(
    withApi(
      failures
        .command("repair [failure...]")
        .description("what a registered repair would change in held messages; with --apply it does"),
    ),
  )
    .requiredOption("--repair <name>", "the repair, as the function of recovery registers it")
    .option("--queue <name>", "messages that died on this queue")
    .option("--group <group>", "messages of this failure group")
    .option("--apply", "repair them; what the producer sent is kept")
    .option("--send", "with --apply: also send them to their queue")
    .action(async (ids, options) => (await import("./commands/repair.ts")).repairFailures(ids, options));
  withApi(failures.command("heal <failure...>").description("send held messages to their queue now")).action(
    async (ids, options) => (await load()).changeFailures("heal-failures", ids, options),
  );
  withApi(failures.command("hold <failure...>").description("keep healing or archived messages for a person")).action(
    async (ids, options) => (await load()).changeFailures("hold-failures", ids, options),
  );
  withYes(withApi(failures.command("discard <failure...>").description("give messages up; for approvers")))
    .option("--reason <text>", "why; the audit keeps it")
    .action(async (ids, options) => (await load()).discardFailures(ids, options));
}

function addGroups(groups: Command): void {
  const load = () => import("./commands/groups.ts");
  withApi(groups.command("list").description("the one seen last first"))
    .option("--queue <name>", "of this queue")
    .option("--state <state>", "open, acknowledged, resolved, regressed or ignored")
    .action(async (options) => (await load()).listGroups(options));
  withApi(groups.command("show <group>").description("one, and its deaths by hour")).action(async (group, options) =>
    (await load()).showGroup(group, options),
  );
  withApi(groups.command("acknowledge <group>").description("somebody knows of it")).action(async (group, options) =>
    (await load()).changeGroup("acknowledge-group", group, options),
  );
  withApi(groups.command("resolve <group>").description("it is over"))
    .option("--in-version <version>", "deaths in older versions of the consumer do not bring it back")
    .action(async (group, options) => (await load()).changeGroup("resolve-group", group, options));
  withApi(groups.command("ignore <group>").description("nobody is told of it for a while"))
    .option("--until <time>", "2026-01-31T12:00:00Z, or milliseconds", time)
    .option("--deaths <number>", "until it has so many deaths in all", whole)
    .action(async (group, options) => (await load()).changeGroup("ignore-group", group, options));
  withApi(groups.command("arm <group>").description("heal its messages again; its failure budget counts anew")).action(
    async (group, options) => (await load()).changeGroup("arm-group", group, options),
  );
}

function addQuarantine(quarantine: Command): void {
  const load = () => import("./commands/quarantine.ts");
  withApi(quarantine.command("list").description("the groups of a queue that are held or releasing, the longest first"))
    .requiredOption("--queue <name>", "the FIFO queue")
    .action(async (options) => (await load()).listQuarantines(options));
  withApi(quarantine.command("show <queue:group>").description("one: what it waits for, and what waits")).action(
    async (group, options) => (await load()).showQuarantine("get-quarantine", group, options),
  );
  withApi(
    quarantine.command("release <queue:group>").description("let it go on now if its failed message is over"),
  ).action(async (group, options) => (await load()).showQuarantine("release-quarantine", group, options));
  withYes(
    withApi(
      quarantine.command("skip <queue:group>").description("let it go on without its failed message; for approvers"),
    ),
  )
    .option("--reason <text>", "why; the audit keeps it")
    .action(async (group, options) => (await load()).skipQuarantine(group, options));
  withApi(quarantine.command("hold <failure>").description("hold a failed message's group behind it")).action(
    async (failure, options) => (await load()).startQuarantine(failure, options),
  );
}

function addPolicy(policy: Command): void {
  const load = () => import("./commands/policy.ts");
  withApi(
    policy.command("check <file>").description("what is wrong in a policy, YAML or JSON, with line and column"),
  ).action(async (file, options) => (await load()).checkPolicyFile(file, options));
  withApi(policy.command("explain <failure>").description("rule by rule, why a message was decided so"))
    .option("--policy <file>", "another policy than the one in force")
    .action(async (failure, options) => (await load()).explainPolicy(failure, options));
  withFilter(withApi(policy.command("backtest <file>").description("what a candidate would make of stored history")))
    .option("--queue <name>", "only of this queue")
    .option("--limit <number>", "of the newest so many, 1,000 unless said", whole)
    .action(async (file, options) => (await load()).backtestPolicy(file, options));
}

function addRuns(program: Command, kind: "redrive" | "replay"): void {
  const load = () => import("./commands/runs.ts");
  const state = kind === "redrive" ? "held" : "archived";
  const noun = program.command(kind).description(`bring ${state} messages back to their queue`);
  withRun(withApi(noun.command("plan").description("what it would do, message by message; nothing is changed"))).action(
    async (options) => (await load()).planRun(kind, options),
  );
  const start = withRun(
    withApi(
      noun.command("start").description("start it, a canary first, and show its progress; exits 1 where it stops"),
    ),
  );
  withYes(start)
    .option("--detach", "end at once; the run goes on")
    .action(async (options) => (await load()).startRun(kind, options));
  withApi(noun.command("status [run]").description("the runs, or one and its progress to its end"))
    .option("--detach", "show it once")
    .action(async (run, options) => (await load()).runStatus(run, options));
  for (const deed of ["pause", "resume", "cancel"] as const) {
    withApi(noun.command(`${deed} <run>`).description(`${deed} a run`)).action(async (run, options) =>
      (await load()).controlRun(`${deed}-run`, run, options),
    );
  }
}

function addApprovals(approvals: Command): void {
  const load = () => import("./commands/approvals.ts");
  withApi(approvals.command("list").description("what was asked for, newest first"))
    .option("--state <state>", "pending, approved, done, failed, refused or expired", "pending")
    .action(async (options) => (await load()).listApprovals(options));
  withApi(approvals.command("show <approval>").description("one: who asked for what, and what came of it")).action(
    async (approval, options) => (await load()).showApproval(approval, options),
  );
  withApi(
    approvals.command("approve <approval>").description("do what another person asked for; for approvers"),
  ).action(async (approval, options) => (await load()).approveApproval(approval, options));
  withApi(approvals.command("refuse <approval>").description("leave it undone; for approvers"))
    .requiredOption("--reason <text>", "why; the audit keeps it")
    .action(async (approval, options) => (await load()).refuseApproval(approval, options));
}

function addArchive(archive: Command): void {
  const load = () => import("./commands/failed-messages.ts");
  withPage(withFilter(withApi(archive.command("list").description("the messages in it, newest first")))).action(
    async (options) => (await import("./commands/archive.ts")).listArchive(options),
  );
  withApi(archive.command("show <failure>").description("one message whole, and where it is kept"))
    .option("--whole", "also where the body is large")
    .action(async (failure, options) => (await load()).showFailure(failure, options));
  withApi(archive.command("hold <failure...>").description("take messages out of it, for a person")).action(
    async (ids, options) => (await load()).changeFailures("hold-failures", ids, options),
  );
}

function addAudit(audit: Command): void {
  const load = () => import("./commands/audit.ts");
  withApi(audit)
    .option("--order <queue>", "the same as `audit order --queue <queue>`")
    .action(async ({ order, ...options }) => {
      if (order === undefined) return audit.help({ error: true });
      return (await load()).auditOrder({ ...options, queue: order });
    });
  withApi(audit.command("list").description("the queues that have one, or a queue's entries"))
    .option("--queue <name>", "its entries")
    .option("--from <number>", "from this entry on", whole)
    .action(async (options) => (await load()).listAudit(options));
  withApi(
    audit
      .command("order")
      .description("whether a FIFO queue's groups had their effects in sequence; exits 1 where not"),
  )
    .requiredOption("--queue <name>", "the FIFO queue")
    .action(async (options) => (await load()).auditOrder(options));
  withApi(audit.command("verify").description("whether it is as it was written; exits 1 where not"))
    .option("--queue <name>", "only this queue's")
    .action(async (options) => (await load()).verifyChains(options));
}

function withFilter(command: Command): Command {
  return command
    .option("--category <category>", "of this category")
    .option("--cause <cause>", "of this cause of death")
    .option("--fingerprint <fingerprint>", "of this problem")
    .option("--error-name <name>", "of this error")
    .option("--message-group <group>", "of this message group")
    .option("--from-ms <time>", "captured from then on: 2026-01-31T12:00:00Z, or milliseconds", time)
    .option("--to-ms <time>", "captured before then", time);
}

function withPage(command: Command): Command {
  return command
    .option("--queue <name>", "that died on this queue")
    .option("--limit <number>", "at most so many", whole)
    .option("--after <text>", "what the page before ended with")
    .option("--whole", "the whole records, for --json; at most 100 a page");
}

function withRun(command: Command): Command {
  return withFilter(command)
    .requiredOption("--queue <name>", "the queue that they died on")
    .option("--max-messages <number>", "at most so many, the oldest", whole)
    .option("--rate-per-second <number>", "the most that are sent a second", Number)
    .option("--jitter-seconds <number>", "each waits a random time up to this, at most 900", whole)
    .option("--min-age-seconds <number>", "leave younger failures out", whole)
    .option("--max-heals <number>", "leave out what was healed so often", whole)
    .option("--max-queue-age-seconds <number>", "send nothing while the queue's oldest message is so old", whole)
    .option("--ramp <numbers>", "how many in each step, as 1,5,25", (text) => text.split(",").map(whole));
}

function whole(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError("It takes a whole number.");
  return Number(text);
}

function time(text: string): number {
  const ms = /^\d{1,16}$/.test(text) ? Number(text) : Date.parse(text);
  if (!Number.isFinite(ms)) throw new InvalidArgumentError("It takes 2026-01-31T12:00:00Z, or milliseconds.");
  return ms;
}
