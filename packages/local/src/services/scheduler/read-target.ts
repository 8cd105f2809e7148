import type { Members } from "../../kernel/service.ts";
import { isTarget } from "../../schedules/deliver.ts";
import { isInputPath } from "../../schedules/input-path.ts";
import type { Target } from "../../schedules/schedule.ts";
import { integerWithin, invalid, optionalText, refuseOthers, requiredText, structure } from "./input.ts";

/** What a target without a retry policy has, and the most that one can ask for (both services' API references). */
const MOST_RETRIES = 185;
const LONGEST_AGE_SECONDS = 86_400;

/** The most paths of a transformer (InputTransformer). */
const MOST_PATHS = 100;

const MEMBERS = ["Arn", "DeadLetterConfig", "Input", "RetryPolicy", "RoleArn", "SqsParameters"];
const MEMBERS_OF_RULES = [...MEMBERS, "Id", "InputPath", "InputTransformer"];

/** Reads a target of a schedule, or, which knows more, of a rule. @throws ValidationException */
export function readTarget(target: Members, ofRule = false): Target {
  refuseOthers(target, ofRule ? MEMBERS_OF_RULES : MEMBERS, "a target");
  const arn = requiredText(target, "Arn");
  if (!isTarget(arn, ofRule)) {
    const served = ofRule ? "functions, queues, topics, log groups and buses" : "functions, queues and topics";
    throw invalid(`The local region does not serve the target ${arn}: only ${served}.`);
  }
  const retry = structure(target, "RetryPolicy");
  const sqs = structure(target, "SqsParameters");
  refuseOthers(retry, ["MaximumEventAgeInSeconds", "MaximumRetryAttempts"], "RetryPolicy");
  const messageGroupId = optionalText(sqs, "MessageGroupId");
  const deadLetterArn = optionalText(structure(target, "DeadLetterConfig"), "Arn");
  return {
    arn,
    mostRetries: integerWithin(retry, "MaximumRetryAttempts", 0, MOST_RETRIES) ?? MOST_RETRIES,
    longestAgeSeconds: integerWithin(retry, "MaximumEventAgeInSeconds", 60, LONGEST_AGE_SECONDS) ?? LONGEST_AGE_SECONDS,
    ...readInput(target, arn),
    ...(messageGroupId !== undefined && { messageGroupId }),
    ...(deadLetterArn !== undefined && { deadLetterArn }),
  };
}

function readInput(target: Members, arn: string): Pick<Target, "input" | "inputPath" | "transformer"> {
  const input = optionalText(target, "Input");
  const inputPath = optionalText(target, "InputPath");
  const transformer = target["InputTransformer"] === undefined ? undefined : readTransformer(target);
  const given = [input, inputPath, transformer].filter((each) => each !== undefined).length;
  if (given > 1) {
    throw invalid(`Only one of Input, InputPath, or InputTransformer must be provided for target ${target["Id"]}.`);
  }
  if (given > 0 && arn.startsWith("arn:aws:events:"))
    throw invalid(`The bus ${arn} gets events as they are: no input.`);
  if (inputPath !== undefined) checkPath(inputPath);
  return {
    ...(input !== undefined && { input }),
    ...(inputPath !== undefined && { inputPath }),
    ...(transformer && { transformer }),
  };
}

function readTransformer(target: Members): NonNullable<Target["transformer"]> {
  const transformer = structure(target, "InputTransformer");
  const paths = structure(transformer, "InputPathsMap");
  const names = Object.keys(paths);
  if (names.length > MOST_PATHS) throw invalid(`InputPathsMap has ${names.length} paths, more than ${MOST_PATHS}.`);
  for (const name of names) {
    if (!/^[\w-]{1,256}$/.test(name) || /^aws\./i.test(name))
      throw invalid(`InputPathsMap has an invalid name: ${name}.`);
    checkPath(requiredText(paths, name));
  }
  return { paths: paths as Record<string, string>, template: requiredText(transformer, "InputTemplate") };
}

function checkPath(path: string): void {
  if (isInputPath(path)) return;
  throw invalid(`${path} is no JSON path of EventBridge: use dots, indices and stars, such as $.detail.items[0].`);
}
