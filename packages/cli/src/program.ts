import { readFileSync } from "node:fs";
import { Command } from "commander";
import { addInquiryCommands } from "./inquiry-commands.ts";
import { addLocalCommands } from "./local-commands.ts";
import { addCompletion, addOperationCommands } from "./operation-commands.ts";
import { addRecoveryCommands } from "./recovery-commands.ts";

/** The command `reliq` with all that is below it. A command loads what it needs when it runs, and no more, so that each answers at once. */
export function reliqProgram(): Command {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  const program = new Command("reliq")
    .description("Reliable message processing on AWS queues: every message ends in one known place.")
    .version(version)
    .enablePositionalOptions()
    .showHelpAfterError("(reliq --help lists the commands)")
    .addHelpText("after", GRAMMAR);
  addLocalCommands(program);
  const failures = addInquiryCommands(program);
  addRecoveryCommands(program, failures);
  addOperationCommands(program);
  addCompletion(program);
  return program;
}

const GRAMMAR = `
A command is a noun, a verb, and what narrows it down: reliq failures list --queue orders.
Without a verb: run, console, invoke, import, queues, failures, account, trace, tail, doctor, completion; and audit --order.

Each asks the local region, or AWS with --profile, --region or --aws; run, console and local are of the local region only.
--json prints JSON alone on stdout. Questions are asked on a terminal only; --yes answers them.
It exits 0 where all is well, 1 where not, 130 where Ctrl-C ended it before its end.`;
