import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";

/** The AWS CLI that CI installs, or another on the path. */
const AWS = existsSync("/usr/bin/aws") ? "/usr/bin/aws" : "aws";

const version = spawnSync(AWS, ["--version"], { encoding: "utf8" }).stdout ?? "";

/** Why tests that need the AWS CLI are skipped, where it is missing. */
export const NO_AWS: string | false = version.startsWith("aws-cli/2") ? false : "the AWS CLI 2 is not installed";

/** Why tests that any version of the AWS CLI can run are skipped, where there is none. */
export const NO_AWS_OF_ANY_VERSION: string | false = version.startsWith("aws-cli/")
  ? false
  : "the AWS CLI is not installed";

/** Runs an AWS CLI command against an endpoint, and reads its JSON. @throws with what the command printed */
export type Aws = (...args: string[]) => Promise<Answer>;

// biome-ignore lint/suspicious/noExplicitAny: the tests say what they expect of each answer
type Answer = any;

export function awsAt(endpoint: string): Aws {
  const env = {
    ...process.env,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_PAGER: "",
    PYTHONWARNINGS: "ignore",
  };
  return async (...args) => {
    const { stdout } = await promisify(execFile)(AWS, [...args, "--endpoint-url", endpoint], { env });
    return /^\s*[[{"]/.test(stdout) ? JSON.parse(stdout) : stdout;
  };
}

/** Whether the CLI has a command: older ones lack some. */
export function knowsCommand(service: string, command: string): boolean {
  return !/Invalid choice/.test(spawnSync(AWS, [service, command], { encoding: "utf8" }).stderr ?? "");
}
