import { readFileSync } from "node:fs";
import { styleText } from "node:util";
import type { Role } from "@reliq/core/recovery";
import { Command, InvalidArgumentError } from "commander";
import { addCompletion, addOperationCommands } from "./operation-commands.ts";
import { parseDuration } from "./parse-duration.ts";
import { parsePair } from "./parse-pair.ts";
import { addRecoveryCommands } from "./recovery-commands.ts";
import { DEFAULT_ENDPOINT, DEFAULT_PORT } from "./region-client.ts";

// A command loads what it needs and no more, so that each answers at once.
const STATE = ["--state <dir>", "where the region keeps its state", ".reliq"] as const;
const PORT = ["--port <number>", "port on 127.0.0.1, 0 for any that is free", parsePort, DEFAULT_PORT] as const;
const REGION = ["--region <name>", "the region's name, such as eu-west-1", "us-east-1"] as const;
const PEER = [
  "--peer <name=url>",
  "another region, in which tables can have replicas, and where it answers; can be repeated",
  parsePair,
  {},
] as const;
const JUMPS = ["--jumps", "let time jump in this region, for tests and demos (reliq local jump --help)"] as const;
const CONSOLE_PORT = [
  "--console-port <number>",
  "the console's port on 127.0.0.1; 4400 unless --port is another than its own",
  parsePort,
] as const;
const CONSOLE_ROLE = [
  "--console-role <role>",
  "what may be done in the console: viewer, operator or approver",
  parseRole,
] as const;
const NO_CONSOLE = ["--no-console", "serve none"] as const;
const JSON_OUTPUT = ["--json", "print JSON"] as const;
const ENDPOINT = [
  "--endpoint <url>",
  "the region to ask",
  process.env["AWS_ENDPOINT_URL"] ?? DEFAULT_ENDPOINT,
] as const;

/** What may be done, by role; the same as of recovery's API, which is not loaded for this. */
const ROLES: readonly Role[] = ["viewer", "operator", "approver"];

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};

const program = new Command("reliq")
  .description("Reliable message processing on AWS queues: every message ends in one known place.")
  .version(version)
  .enablePositionalOptions()
  .showHelpAfterError("(reliq --help lists the commands)");

program
  .command("run <app...>")
  .description("synthesize apps, run them in one local region, and watch their messages")
  .option("--invoke <function>", "a function to call when it is up, by name or by stack output")
  .option("--once", "end when the queues are at rest: print the account, exit 0 only if it balances")
  .option("--quiet", "send no traffic of the apps' own (their file traffic.ts); so does --once")
  .option("-c, --context <name=value>", "a context value for the apps, over that of their cdk.json", parsePair, {})
  .option(...PORT)
  .option(...REGION)
  .option(...PEER)
  .option(...STATE)
  .option(...JUMPS)
  .option(...CONSOLE_PORT)
  .option(...CONSOLE_ROLE)
  .option(...NO_CONSOLE)
  .addHelpText("after", "\nAn app is synthesized again only when something has changed that its assembly is made from.")
  .action(async (apps, options) => (await import("./commands/run.ts")).run(apps, options));

const local = program.command("local").description("the local region");
local
  .command("start")
  .description("run a region in this terminal")
  .option("--assembly <dir>", "a cloud assembly (cdk.out) to run; none for an empty region")
  .option(...PORT)
  .option(...REGION)
  .option(...PEER)
  .option(...STATE)
  .option(...JUMPS)
  .option(...CONSOLE_PORT)
  .option(...CONSOLE_ROLE)
  .option(...NO_CONSOLE)
  .action(async (options) => (await import("./commands/local.ts")).localStart(options));
local
  .command("deploy")
  .description("bring the running region to what a cloud assembly says, and keep its data")
  .option("--assembly <dir>", "the cloud assembly", "cdk.out")
  .option(...ENDPOINT)
  .action(async (options) => (await import("./commands/deploy.ts")).localDeploy(options));
local
  .command("jump")
  .description(
    "set a region's time ahead, its functions' too, once nothing runs in it: visibility, delays and retention pass",
  )
  .argument("<duration>", "seconds, or as 300s, 5m, 2h or 1d; at most 14d a jump", parseDuration)
  .option("--wait <duration>", "how long what runs may take to end; at most 4m", parseDuration, 10)
  .option(...ENDPOINT)
  .addHelpText(
    "after",
    "\nThe region is started with --jumps. Its time never goes back: what it has jumped stays in its state.",
  )
  .action(async (seconds, options) => (await import("./commands/jump.ts")).localJump(seconds, options));
local
  .command("status")
  .description("what runs in the region")
  .option(...ENDPOINT)
  .option(...JSON_OUTPUT)
  .action(async (options) => (await import("./commands/status.ts")).localStatus(options));
local
  .command("reset")
  .description("clear the state of a stopped region")
  .option(...STATE)
  .action(async (options) => (await import("./commands/local.ts")).localReset(options));

program
  .command("console")
  .description("serve the console of a region that runs")
  .option(...ENDPOINT)
  .option(...CONSOLE_PORT)
  .option(...CONSOLE_ROLE)
  .action(async (options) => (await import("./commands/console.ts")).serveRunning(options));
program
  .command("invoke <function>")
  .description("call a function, by its name or by the stack output that names it")
  .option("--payload <json>", "its event", "{}")
  .option(...ENDPOINT)
  .action(async (name, options) => (await import("./commands/invoke.ts")).invoke(name, options));
program
  .command("queues")
  .description("what each queue holds")
  .option(...ENDPOINT)
  .option(...JSON_OUTPUT)
  .action(async (options) => (await import("./commands/queues.ts")).queues(options));
const failures = program
  .command("failures")
  .description("what died, and why: in dead-letter queues, and what recovery keeps of it");
failures
  .option("--queue <name>", "only messages that died on this queue")
  .option("--messages", "list each message; of what recovery keeps, the newest")
  .option(...ENDPOINT)
  .option(...JSON_OUTPUT)
  .action(async (options) => (await import("./commands/failures.ts")).failures(options));
const common = (command: Command): Command =>
  command
    .option("--api <url>", "recovery's API: its address, or the stack that has it", process.env["RELIQ_API"])
    .option(...ENDPOINT)
    .option(...JSON_OUTPUT);
const account = common(program.command("account [queue]"));
account
  .description("whether every accepted message is in one known place; exits 1 where not")
  .option("--aws", "ask AWS, or what answers as AWS does at --endpoint, also where that is a local region")
  .addHelpText(
    "after",
    `
A local region counts every message. AWS keeps no such history: there the account is by its metrics, which are
approximate, by the ledger of producers that have one, which is exact, and by recovery's API (--api).`,
  )
  .action(async (queue, options, command) => {
    const isGiven = command.getOptionValueSource("endpoint") !== "default" || process.env["AWS_ENDPOINT_URL"];
    const { account } = await import("./commands/account.ts");
    return account(queue, { ...options, isGiven: Boolean(isGiven) });
  });

common(
  program
    .command("trace <id>")
    .description("the way of a message: request, queue, attempts, heals and effect, as a tree on a time line"),
)
  .option("--since <duration>", "how far back to look, as 6h or 7d", parseDuration, 86_400)
  .option("--aws", "ask X-Ray, and recovery by its API, also where a local region runs")
  .addHelpText(
    "after",
    `
The id is that of a message, of its lineage, of a trace or of a request to an API. Failed attempts are shown by what
recovery and the journal keep, also where their function was not traced.`,
  )
  .action(async (id, options) => (await import("./commands/trace.ts")).trace(id, options));

common(account.command("ledger <queue>").description("where the messages are that its producers entered, on AWS too"))
  .option("--from <time>", "sent from then on, as 2026-01-31T12:00:00Z; the last 24 hours by default")
  .option("--to <time>", "sent before then")
  .action(async (queue, options) => (await import("./commands/ledger.ts")).ledger(queue, options));
addRecoveryCommands(program, failures, common);
addOperationCommands(program);
addCompletion(program);

// The channel tells of a parent's end (bin/reliq.js); alone it does not keep a command running.
process.channel?.unref();

try {
  await program.parseAsync();
} catch (error) {
  console.error(styleText("red", error instanceof Error ? error.message : String(error)));
  if (process.env["DEBUG"]) console.error(error);
  process.exitCode = 1;
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError("It takes 0 to 65535.");
  return port;
}

function parseRole(text: string): Role {
  if (ROLES.some((role) => role === text)) return text as Role;
  throw new InvalidArgumentError(`It takes ${ROLES.join(", ")}.`);
}
