import { styleText } from "node:util";
import type { Deployment } from "@reliq/local";
import { describeOutputs } from "../describe-region.ts";
import { printAnswer } from "../print-answer.ts";
import { deployAssembly, regionStatus } from "../region-client.ts";

interface DeployOptions {
  readonly assembly: string;
  readonly endpoint: string;
  readonly json?: boolean;
}

/** `reliq local deploy`: brings a running region to what an assembly says, and prints what that changed. */
export async function localDeploy({ assembly, endpoint, json = false }: DeployOptions): Promise<void> {
  const deployment = await deployAssembly(endpoint, assembly);
  const { notes } = await regionStatus(endpoint);
  printAnswer({ json }, deployment, ({ stacks }) =>
    [...stacks.flatMap(describeStack), ...notes.map((note) => styleText("dim", note))].join("\n"),
  );
}

function describeStack({ name, status, resources, changes, outputs }: Deployment["stacks"][number]): readonly string[] {
  const put = changes.filter(({ change }) => change === "created" || change === "updated").length;
  return [
    `${styleText("bold", name)}: ${status}`,
    ...changes.map(({ change, logicalId, type, name }) => `  ${change.padEnd(9)} ${logicalId} (${type}) ${name}`),
    `  unchanged ${resources - put}`,
    ...describeOutputs(outputs),
  ];
}
