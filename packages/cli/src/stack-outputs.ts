import type { Output } from "@aws-sdk/client-cloudformation";
import { type AskedRegion, localEndpoint, nameOf } from "./asked-region.ts";
import { CommandError } from "./command-error.ts";
import { regionStatus } from "./region-client.ts";

/** A stack with its outputs, by their names. */
export interface StackOutputs {
  readonly name: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/** The stacks of a region: a local one says them itself, of AWS CloudFormation does. @throws CommandError with what it says where it refuses */
export async function stackOutputs(region: AskedRegion): Promise<readonly StackOutputs[]> {
  const local = await localEndpoint(region);
  if (local !== undefined) return (await regionStatus(local)).stacks;
  const { CloudFormationClient, paginateDescribeStacks } = await import("@aws-sdk/client-cloudformation");
  const client = new CloudFormationClient(region.settings);
  const stacks: StackOutputs[] = [];
  try {
    for await (const { Stacks = [] } of paginateDescribeStacks({ client }, {}))
      stacks.push(...Stacks.map(({ StackName = "", Outputs = [] }) => ({ name: StackName, outputs: byName(Outputs) })));
  } catch (cause) {
    throw new CommandError(`CloudFormation does not say the stacks of ${nameOf(region)}: ${String(cause)}`, { cause });
  }
  return stacks;
}

function byName(outputs: readonly Output[]): Readonly<Record<string, string>> {
  return Object.fromEntries(outputs.map(({ OutputKey = "", OutputValue = "" }) => [OutputKey, OutputValue]));
}
