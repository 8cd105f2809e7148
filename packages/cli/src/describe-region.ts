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
    for (const [output, value] of Object.entries(stack.outputs)) {
      if (!output.startsWith(CDK_EXPORT)) lines.push(`  ${output} = ${value}`);
    }
  }
  for (const note of notes) lines.push(styleText("dim", note));
  return lines.join("\n");
}
