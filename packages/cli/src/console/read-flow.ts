import type { FlowEdge, FlowNode, RegionFlow } from "@reliq/console";
import type { DeployedResource } from "@reliq/local";
import { deployedResources } from "../region-client.ts";

const KINDS: Readonly<Record<string, FlowNode["kind"]>> = {
  "AWS::ApiGatewayV2::Api": "api",
  "AWS::Lambda::Function": "function",
  "AWS::SNS::Topic": "topic",
  "AWS::SQS::Queue": "queue",
};

const WAYS = ["AWS::ApiGatewayV2::Integration", "AWS::Lambda::EventSourceMapping", "AWS::SNS::Subscription"];

/** How messages go from one thing to the next, read from what is deployed. */
export async function readFlow(endpoint: string): Promise<RegionFlow> {
  const resources = await deployedResources(endpoint, [...Object.keys(KINDS), ...WAYS]);
  const named = resources.filter(({ type, ref }) => KINDS[type] !== undefined && ref !== "");
  const names = new Map(
    named.flatMap((each) => [each.ref, ...Object.values(each.attributes)].map((text) => [text, idOf(each)])),
  );
  const edges = resources.flatMap((each) => edgesOf(each, names));
  const dead = new Set(edges.filter(({ kind }) => kind === "deadLetters").map(({ to }) => to));
  const nodes = named.map((each): FlowNode => {
    const id = idOf(each);
    const kind = dead.has(id) ? "deadLetterQueue" : (KINDS[each.type] ?? "queue");
    return { id, kind, name: nameOf(each), system: each.stack };
  });
  return { nodes, edges: [...new Map(edges.map((edge) => [JSON.stringify(edge), edge])).values()] };
}

function idOf({ stack, logicalId }: DeployedResource): string {
  return `${stack}/${logicalId}`;
}

function nameOf({ type, ref, properties, attributes, logicalId }: DeployedResource): string {
  const given = properties["Name"] ?? attributes["QueueName"] ?? attributes["TopicName"] ?? properties["FunctionName"];
  if (typeof given === "string") return given;
  return type === "AWS::Lambda::Function" ? ref : (ref.split(/[:/]/).at(-1) ?? logicalId);
}

/** The ways that a resource makes, by what its properties name. */
function edgesOf(resource: DeployedResource, names: ReadonlyMap<string, string>): readonly FlowEdge[] {
  const { type, properties } = resource;
  const edge = (kind: FlowEdge["kind"], from: unknown, to: unknown): readonly FlowEdge[] => {
    const [one, other] = [from, to].map((text) => names.get(String(text)));
    return one !== undefined && other !== undefined && one !== other ? [{ kind, from: one, to: other }] : [];
  };
  switch (type) {
    case "AWS::ApiGatewayV2::Integration":
      return edge("invokes", properties["ApiId"], properties["IntegrationUri"]);
    case "AWS::Lambda::EventSourceMapping":
      return edge("invokes", properties["EventSourceArn"], properties["FunctionName"]);
    case "AWS::SNS::Subscription":
      return edge("delivers", properties["TopicArn"], properties["Endpoint"]);
    case "AWS::SQS::Queue": {
      const { deadLetterTargetArn } = (properties["RedrivePolicy"] ?? {}) as { readonly deadLetterTargetArn?: string };
      return edge("deadLetters", resource.ref, deadLetterTargetArn);
    }
    case "AWS::Lambda::Function": {
      const { Variables = {} } = (properties["Environment"] ?? {}) as { readonly Variables?: Record<string, unknown> };
      return Object.values(Variables).flatMap((value) => edge("sends", resource.ref, value));
    }
    default:
      return [];
  }
}
