import type { QueryShape, QueryShapes } from "../../kernel/protocol/query.ts";

const listOf = (...names: readonly string[]): NonNullable<QueryShape["lists"]> =>
  Object.fromEntries(names.map((name) => [name, { wire: "member", wrapped: true }]));

const DRIFT: QueryShape = { structures: { DriftInformation: {} } };

const listOfStructures = (name: string, element: QueryShape): QueryShape => ({
  lists: { [name]: { wire: "member", wrapped: true, element } },
});

/** How CloudFormation's structures are written on the Query protocol. */
export const SHAPES: QueryShapes = {
  DescribeStackEvents: { output: listOfStructures("StackEvents", {}) },
  DescribeStackResources: { output: listOfStructures("StackResources", DRIFT) },
  DescribeStacks: {
    output: listOfStructures("Stacks", {
      ...DRIFT,
      lists: listOf("Capabilities", "NotificationARNs", "Outputs", "Parameters", "Tags"),
    }),
  },
  GetTemplate: { output: { lists: listOf("StagesAvailable") } },
  ListExports: { output: listOfStructures("Exports", {}) },
  ListStackResources: { output: listOfStructures("StackResourceSummaries", DRIFT) },
  ListStacks: { input: { lists: listOf("StackStatusFilter") }, output: listOfStructures("StackSummaries", DRIFT) },
};
