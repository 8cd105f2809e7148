import type { Role } from "@reliq/core/recovery";
import { type Command, InvalidArgumentError } from "commander";
import { parseDuration } from "./parse-duration.ts";
import { parsePair } from "./parse-pair.ts";
import { DEFAULT_PORT } from "./region-client.ts";
import { withJson, withLocalRegion, withYes } from "./region-options.ts";

const REGION = ["--region <name>", "the region's name, such as eu-west-1", "us-east-1"] as const;
const PEER = [
  "--peer <name=url>",
  "another region, in which tables can have replicas, and where it answers; can be repeated",
  parsePair,
  {},
] as const;
const STATE = ["--state <dir>", "where the region keeps its state", ".reliq"] as const;

/** What may be done, by role; the same as of recovery's API, which is not loaded for this. */
const ROLES: readonly Role[] = ["viewer", "operator", "approver"];

/** Adds the commands that run a local region, or are of one alone. */
export function addLocalCommands(program: Command): void {
  const run = program
    .command("run <app...>")
    .description("synthesize apps, run them in one local region, and watch their messages")
    .option("--invoke <function>", "a function to call when it is up, by name or by stack output")
    .option("--once", "end when the queues are at rest: print the account, exit 0 only if it balances")
    .option("--quiet", "send no traffic of the apps' own (their file traffic.ts); so does --once")
    .option("-c, --context <name=value>", "a context value for the apps, over that of their cdk.json", parsePair, {});
  withConsole(withState(run))
    .addHelpText(
      "after",
      "\nAn app is synthesized again only when something has changed that its assembly is made from.",
    )
    .action(async (apps, options) => (await import("./commands/run.ts")).run(apps, options));

  const local = program.command("local").description("the local region");
  addStart(local);
  addRunning(local);
  withYes(
    local
      .command("reset")
      .description("clear the state of a stopped region")
      .option(...STATE),
  ).action(async (options) => (await import("./commands/local.ts")).localReset(options));

  const served = withLocalRegion(program.command("console").description("serve the console of a region that runs"));
  withConsoleOf(served).action(async (options) => (await import("./commands/console.ts")).serveRunning(options));
}

function addStart(local: Command): void {
  const start = local
    .command("start")
    .description("run a region in this terminal")
    .option("--assembly <dir>", "a cloud assembly (cdk.out) to run; none for an empty region");
  withConsole(withState(start)).action(async (options) => (await import("./commands/local.ts")).localStart(options));
}

/** What changes or looks at a region that runs. */
function addRunning(local: Command): void {
  withJson(
    withLocalRegion(
      local
        .command("deploy")
        .description("bring the running region to what a cloud assembly says, and keep its data")
        .option("--assembly <dir>", "the cloud assembly", "cdk.out"),
    ),
  ).action(async (options) => (await import("./commands/deploy.ts")).localDeploy(options));
  withJson(
    withLocalRegion(
      local
        .command("jump")
        .description(
          "set a region's time ahead, its functions' too, once nothing runs in it: visibility, delays and retention pass",
        )
        .argument("<duration>", "seconds, or as 300s, 5m, 2h or 1d; at most 14d a jump", parseDuration)
        .option("--wait <duration>", "how long what runs may take to end; at most 4m", parseDuration, 10),
    ),
  )
    .addHelpText(
      "after",
      "\nThe region is started with --jumps. Its time never goes back: what it has jumped stays in its state.",
    )
    .action(async (seconds, options) => (await import("./commands/jump.ts")).localJump(seconds, options));
  withJson(withLocalRegion(local.command("status").description("what runs in the region"))).action(async (options) =>
    (await import("./commands/status.ts")).localStatus(options),
  );
}

function withState(command: Command): Command {
  return command
    .option("--port <number>", "port on 127.0.0.1, 0 for any that is free", parsePort, DEFAULT_PORT)
    .option(...REGION)
    .option(...PEER)
    .option(...STATE)
    .option("--jumps", "let time jump in this region, for tests and demos (reliq local jump --help)");
}

function withConsole(command: Command): Command {
  return withConsoleOf(command).option("--no-console", "serve none");
}

function withConsoleOf(command: Command): Command {
  const port = "the console's port on 127.0.0.1; 4400 unless --port is another than its own";
  return command
    .option("--console-port <number>", port, parsePort)
    .option("--console-role <role>", "what may be done in the console: viewer, operator or approver", parseRole);
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
