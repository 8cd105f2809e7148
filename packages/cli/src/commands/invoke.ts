import { InvokeCommand, LambdaClient, paginateListFunctions } from "@aws-sdk/client-lambda";
import { type AskedRegion, askedRegion, nameOf, type RegionOptions } from "../asked-region.ts";
import { CommandError } from "../command-error.ts";
import { safeJson } from "../safe-text.ts";
import { stackOutputs } from "../stack-outputs.ts";

interface InvokeOptions extends RegionOptions {
  readonly payload?: string;
  readonly json?: boolean;
}

/** `reliq invoke <function>`: calls a function, by its name or by the stack output that names it, and prints its answer; exits 1 where it failed. */
export async function invoke(name: string, options: InvokeOptions): Promise<void> {
  const region = await askedRegion(options);
  const found = await functionName(region, name);
  const answer = await invokeFunction(region, found, options.payload);
  if (options.json) {
    if (answer.error !== undefined) process.exitCode = 1;
    return console.log(safeJson({ function: found, ...answer }));
  }
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
export async function invokeFunction({ settings }: AskedRegion, name: string, payload = "{}"): Promise<FunctionAnswer> {
  const client = new LambdaClient({ ...settings, maxAttempts: 1 });
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
export async function functionName(region: AskedRegion, name: string): Promise<string> {
  const functions = await functionNames(region);
  if (functions.includes(nameIn(name))) return nameIn(name);
  const stacks = await stackOutputs(region);
  const outputs = new Map(
    stacks.flatMap((stack) => Object.entries(stack.outputs).filter(([, value]) => functions.includes(nameIn(value)))),
  );
  const found = nameIn(outputs.get(name) ?? name);
  if (functions.includes(found)) return found;
  const known = [...new Set([...outputs.keys(), ...functions])].join(", ") || "none";
  throw new CommandError(
    `There is no function ${JSON.stringify(name)} in ${nameOf(region)}; what can be invoked: ${known}.`,
  );
}

/** The name at the end of a function's ARN, or the name itself. */
function nameIn(value: string): string {
  return /^arn:[^:]+:lambda:[^:]*:[^:]*:function:([\w-]+)/.exec(value)?.[1] ?? value;
}

async function functionNames({ settings }: AskedRegion): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const page of paginateListFunctions({ client: new LambdaClient(settings) }, {})) {
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
