import type { Command } from "commander";
import { parseDuration } from "./parse-duration.ts";
import { withApi, withJson, withRegion } from "./region-options.ts";

/** Adds what shows queues and their messages; gives back `failures`, to which recovery adds its verbs. */
export function addInquiryCommands(program: Command): Command {
  withJson(withRegion(program.command("invoke <function>")))
    .description("call a function, by its name or by the stack output that names it")
    .option("--payload <json>", "its event", "{}")
    .action(async (name, options) => (await import("./commands/invoke.ts")).invoke(name, options));
  withJson(withRegion(program.command("queues").description("what each queue holds"))).action(async (options) =>
    (await import("./commands/queues.ts")).queues(options),
  );
  const failures = program
    .command("failures")
    .description("what died, and why: in dead-letter queues, and what recovery keeps of it");
  withApi(failures)
    .option("--queue <name>", "only messages that died on this queue")
    .option("--messages", "list each message; of what recovery keeps, the newest")
    .action(async (options) => (await import("./commands/failures.ts")).failures(options));
  addAccount(program);
  addTrace(program);
  return failures;
}

function addAccount(program: Command): void {
  const account = withApi(program.command("account [queue]"))
    .description("whether every accepted message is in one known place; exits 1 where not")
    .addHelpText(
      "after",
      `
A local region counts every message. AWS keeps no such history: there the account is by its metrics, which are
approximate, by the ledger of producers that have one, which is exact, and by recovery's API.`,
    )
    .action(async (queue, options) => (await import("./commands/account.ts")).account(queue, options));
  withApi(
    account.command("ledger <queue>").description("where the messages are that its producers entered, on AWS too"),
  )
    .option("--from <time>", "sent from then on, as 2026-01-31T12:00:00Z; the last 24 hours by default")
    .option("--to <time>", "sent before then")
    .action(async (queue, options) => (await import("./commands/ledger.ts")).ledger(queue, options));
}

function addTrace(program: Command): void {
  withApi(program.command("trace <id>"))
    .description("the way of a message: request, queue, attempts, heals and effect, as a tree on a time line")
    .option("--since <duration>", "how far back to look, as 6h or 7d", parseDuration, 86_400)
    .addHelpText(
      "after",
      `
The id is that of a message, of its lineage, of a trace or of a request to an API. Failed attempts are shown by what
recovery and the journal keep, also where their function was not traced.`,
    )
    .action(async (id, options) => (await import("./commands/trace.ts")).trace(id, options));
}
