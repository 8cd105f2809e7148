import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
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

/** The function that a stack's output names, or the name itself. */
export async function functionName(endpoint: string, name: string): Promise<string> {
  const { stacks } = await regionStatus(endpoint);
  return stacks.map((stack) => stack.outputs[name]).find((value) => value !== undefined) ?? name;
}

function checkJson(payload: string): string {
  try {
    JSON.parse(payload);
    return payload;
  } catch (error) {
    throw new CommandError(`--payload ${payload} is not JSON (${String(error)}). Quote it: --payload '{"seconds":1}'`);
  }
}
