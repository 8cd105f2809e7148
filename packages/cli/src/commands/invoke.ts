import { InvokeCommand, LambdaClient, paginateListFunctions } from "@aws-sdk/client-lambda";
import { clientSettings } from "../client-settings.ts";
import { CommandError } from "../command-error.ts";
import { regionStatus } from "../region-client.ts";

interface InvokeOptions {
  readonly endpoint: string;
  readonly payload?: string;
}

/** `reliq invoke <function>`: calls a function, by its name or by the stack output that names it, and prints its answer. */
export async function invoke(name: string, options: InvokeOptions): Promise<void> {
  const answer = await invokeFunction(options.endpoint, await functionName(options.endpoint, name), options.payload);
  if (answer.error !== undefined) {
    throw new CommandError(`${name} failed (${answer.error}): ${answer.payload}\n${answer.log}`);
  }
  console.log(answer.payload);
}

/** How a function answered. */
export interface FunctionAnswer {
  readonly payload: string;
  /** `Handled` or `Unhandled` where the function failed. */
  readonly error?: string;
  /** The end of its log. */
  readonly log: string;
}

/** Invokes a function and waits for its answer; a function may take 15 minutes. */
export async function invokeFunction(endpoint: string, name: string, payload = "{}"): Promise<FunctionAnswer> {
  const client = new LambdaClient({ ...clientSettings(endpoint), maxAttempts: 1 });
  const { Payload, FunctionError, LogResult } = await client.send(
    new InvokeCommand({ FunctionName: name, Payload: Buffer.from(checkJson(payload)), LogType: "Tail" }),
  );
  return {
    payload: Buffer.from(Payload ?? []).toString("utf8"),
    log: Buffer.from(LogResult ?? "", "base64").toString("utf8"),
    ...(FunctionError !== undefined && { error: FunctionError }),
  };
}

/**
 * The function that a name means: of a stack's output, or its own.
 * @throws CommandError for a name that is neither, with those that there are
 */
export async function functionName(endpoint: string, name: string): Promise<string> {
  const { stacks } = await regionStatus(endpoint);
  const functions = await functionNames(endpoint);
  const outputs = new Map(
    stacks.flatMap((stack) => Object.entries(stack.outputs).filter(([, value]) => functions.includes(nameIn(value)))),
  );
  const found = nameIn(outputs.get(name) ?? name);
  if (functions.includes(found)) return found;
  const known = [...new Set([...outputs.keys(), ...functions])].join(", ") || "none";
  throw new CommandError(`There is no function ${JSON.stringify(name)} in this region; what can be invoked: ${known}.`);
}

/** The name at the end of a function's ARN, or the name itself. */
function nameIn(value: string): string {
  return /^arn:[^:]+:lambda:[^:]*:[^:]*:function:([\w-]+)/.exec(value)?.[1] ?? value;
}

async function functionNames(endpoint: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const page of paginateListFunctions({ client: new LambdaClient(clientSettings(endpoint)) }, {})) {
    names.push(...(page.Functions ?? []).flatMap(({ FunctionName }) => FunctionName ?? []));
  }
  return names;
}

function checkJson(payload: string): string {
  try {
    JSON.parse(payload);
    return payload;
  } catch (error) {
    throw new CommandError(`--payload ${payload} is not JSON (${String(error)}). Quote it: --payload '{"seconds":1}'`);
  }
}
