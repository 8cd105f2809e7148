import { type Command, InvalidArgumentError } from "commander";
import { parseDuration } from "./parse-duration.ts";
import { parsePair } from "./parse-pair.ts";
import { withJson, withRegion } from "./region-options.ts";

const FOLDER = ["--folder <dir>", "where game days are, a file each", "gamedays"] as const;

/** Adds what serves the shell. */
export function addCompletion(program: Command): void {
  program
    .command("completion <shell>")
    .description("the script that completes commands in bash, zsh or fish: source <(reliq completion bash)")
    .action(async (shell) => (await import("./commands/completion.ts")).completion(program, shell));
}

/** Adds the commands for who operates a deployed system. */
export function addOperationCommands(program: Command): void {
  addTail(program);
  addDoctor(program);
  addFailover(program);
  const gameday = program
    .command("gameday")
    .description("faults put into a system, to see whether what is believed holds");
  const load = () => import("./commands/gameday.ts");
  withJson(gameday.command("list").description("the game days there are, each with its hypothesis"))
    .option(...FOLDER)
    .action(async (options) => (await load()).listGameDays(options));
  withRegion(gameday.command("run <name...>"))
    .description("play game days; exits 0 where each held, 1 where one is refuted, 2 where one could not run")
    .option("--scale <number>", "how large: 1 is whole, 0.1 a tenth of the time and of the load", positive, 1)
    .option("--report <file>", "where the report goes; .reliq/gamedays/<name>.md unless said")
    .option(
      "--set <name=value>",
      "say something of that system, such as api=https://… or envName=staging",
      parsePair,
      {},
    )
    .option(...FOLDER)
    .option("--json", "print one JSON object, and progress on stderr")
    .addHelpText(
      "after",
      "\nWithout --endpoint, --profile, --region and --aws it runs the game day's app in a local region of its own, which it removes afterwards.",
    )
    .action(async (names, options) => (await load()).runGameDays(names, options));
}

function addTail(program: Command): void {
  withRegion(program.command("tail"))
    .description("what consumers do and what they log, as it happens")
    .option("--queue <name>", "only of this queue")
    .option("--function <name...>", "only of these functions")
    .option("--event <code...>", "only these events of the log (docs/reference/events.md)")
    .option("--trouble", "only what did not succeed, and warnings and errors")
    .option("--since <duration>", "how far back to begin, as 30s or 5m", parseDuration, 0)
    .option("--for <duration>", "end after this; until Ctrl-C unless said", parseDuration)
    .option("--json", "print one JSON object a line, as docs/reference/cli-json.md says")
    .action(async (options) => (await import("./commands/tail.ts")).tail(options));
}

function addDoctor(program: Command): void {
  withJson(withRegion(program.command("doctor")))
    .description(
      "what is wrong in the settings of queues, functions and alarms, and how to mend it; exits 1 on an error",
    )
    .option("--queue <name>", "only what is found of this queue")
    .option("--description <file>", "compare with what this module of the app exports as `description`")
    .action(async (options) => (await import("./commands/doctor.ts")).doctor(options));
}

function addFailover(program: Command): void {
  const failover = program
    .command("failover")
    .description("which of a system's two regions is the active one, and what to do when one is lost");
  const load = () => import("./commands/failover.ts");
  const add = (name: string, description: string): Command =>
    withJson(withRegion(failover.command(`${name} <system>`).description(description)));
  add("status", "which region is active, as the one that is asked knows it").action(async (system, options) =>
    (await load()).failoverStatus(system, options),
  );
  add(
    "start",
    "make the region that is asked the active one, without the other; what was in flight is sent again there",
  )
    .addHelpText("after", "\nIt can be repeated, and killed: it goes on with what is left.")
    .action(async (system, options) => (await load()).failoverStart(system, options));
  add("rejoin", "the other region is back: send again what came from it since, and wait for it again").action(
    async (system, options) => (await load()).failoverRejoin(system, options),
  );
}

function positive(text: string): number {
  const number = Number(text);
  if (!(number > 0 && number <= 100)) throw new InvalidArgumentError("It takes a number over 0, at most 100.");
  return number;
}
