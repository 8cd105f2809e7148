import { type Command, InvalidArgumentError } from "commander";
import { DEFAULT_ENDPOINT } from "./region-client.ts";

/** Adds how a command is told which region it asks, as the AWS CLI is told. */
export function withRegion(command: Command): Command {
  return command
    .option("--endpoint <url>", `the region's address; AWS_ENDPOINT_URL or ${DEFAULT_ENDPOINT} unless said`, parseUrl)
    .option("--profile <name>", "ask AWS, by this profile of the AWS configuration: its credentials, region, endpoint")
    .option("--region <name>", "ask AWS, in this region")
    .option("--aws", "ask AWS, by what the environment says; and as AWS is asked, also where a local region answers");
}

/** Adds `--json`. */
export function withJson(command: Command): Command {
  return command.option("--json", "print JSON, as docs/reference/cli-json.md says");
}

/** Adds how a command is told which recovery it asks, and in which region that is. */
export function withApi(command: Command): Command {
  const api = "recovery's API: its address, or the stack that has it; the region's only one unless said";
  return withJson(withRegion(command.option("--api <url>", api, process.env["RELIQ_API"])));
}

/** Adds `--yes`, for what asks before it does something. */
export function withYes(command: Command): Command {
  return command.option("-y, --yes", "ask nothing");
}

/** Adds which local region a command asks, that has no meaning elsewhere. */
export function withLocalRegion(command: Command): Command {
  const here = process.env["AWS_ENDPOINT_URL"] || DEFAULT_ENDPOINT;
  return command.option("--endpoint <url>", "the local region's address", parseUrl, here);
}

function parseUrl(text: string): string {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return text;
  throw new InvalidArgumentError("It takes an address, as http://127.0.0.1:4566.");
}
