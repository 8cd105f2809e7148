import { styleText } from "node:util";
import type { RegionStatus } from "@reliq/local";

/** How the CDK names the outputs that it makes itself, for references between stacks. */
const CDK_EXPORT = "ExportsOutput";

/** A region in a few lines: where it answers, its stacks with their outputs, and what has no meaning here. */
export function describeRegion({ endpoint, pid, stateDirectory, services, stacks, notes }: RegionStatus): string {
  const lines = [
    `${styleText("bold", "Local region")} at ${styleText("cyan", endpoint)}, process ${pid}, state in ${stateDirectory}`,
    `Services: ${services.join(", ")}`,
  ];
  for (const stack of stacks) {
    lines.push(`${styleText("bold", stack.name)}: ${stack.status}, ${stack.resources} resources`);
    lines.push(...describeOutputs(stack.outputs));
  }
  for (const note of notes) lines.push(styleText("dim", note));
  return lines.join("\n");
}

/** A stack's outputs, a line each, without those that the CDK makes for other stacks. */
export function describeOutputs(outputs: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(outputs)
    .filter(([output]) => !output.startsWith(CDK_EXPORT))
    .map(([output, value]) => `  ${output} = ${value}`);
}
