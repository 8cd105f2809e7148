import { openStackStore } from "../../assembly/stack-store.ts";
import type { Service, World } from "../../kernel/service.ts";
import { deleteStack } from "./actions/delete-stack.ts";
import { describeStackEvents } from "./actions/describe-stack-events.ts";
import { describeStackResources } from "./actions/describe-stack-resources.ts";
import { describeStacks } from "./actions/describe-stacks.ts";
import { getTemplate } from "./actions/get-template.ts";
import { listExports } from "./actions/list-exports.ts";
import { listStackResources } from "./actions/list-stack-resources.ts";
import { listStacks } from "./actions/list-stacks.ts";
import { SHAPES } from "./query-shapes.ts";

/** CloudFormation's view of what is deployed; the region itself deploys, from a cloud assembly. */
export function cloudformationService(world: World): Service {
  const records = openStackStore(world);
  return {
    name: "cloudformation",
    query: { namespace: "http://cloudformation.amazonaws.com/doc/2010-05-15/", shapes: SHAPES },
    actions: {
      DeleteStack: deleteStack(world),
      DescribeStackEvents: (input) => describeStackEvents(records, input),
      DescribeStackResources: (input) => describeStackResources(records, input),
      DescribeStacks: (input) => describeStacks(records, input),
      GetTemplate: (input) => getTemplate(records, input),
      ListExports: () => listExports(records),
      ListStackResources: (input) => listStackResources(records, input),
      ListStacks: (input) => listStacks(records, input),
    },
    partly: {
      DeleteStack: "no `RetainResources`; it answers when the stack is gone",
      DescribeStackEvents: "the latest 1,000 of a stack",
      DescribeStacks: "a deleted stack is forgotten",
      ListStackResources: "all of them on one page",
      ListStacks: "a deleted stack is forgotten",
    },
  };
}
