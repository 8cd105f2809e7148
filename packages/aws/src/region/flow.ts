import type { FlowEdge, FlowNode, RegionFlow } from "@reliq/core/recovery";
import type { DeployedResource } from "./deployed-resource.ts";

const KINDS: Readonly<Record<string, FlowNode["kind"]>> = {
  "AWS::ApiGatewayV2::Api": "api",
  "AWS::Lambda::Function": "function",
  "AWS::SNS::Topic": "topic",
  "AWS::SQS::Queue": "queue",
};

const WAYS = ["AWS::ApiGatewayV2::Integration", "AWS::Lambda::EventSourceMapping", "AWS::SNS::Subscription"];

/** The types of resources that a flow is read from. */
export const FLOW_TYPES: readonly string[] = [...Object.keys(KINDS), ...WAYS];

/** How messages go from one thing to the next, as they are deployed; what recovery has for itself is left out. */
export function flowOf(resources: readonly DeployedResource[]): RegionFlow {
  const named = resources.filter(({ type, ref }) => KINDS[type] !== undefined && ref !== "");
  const names = new Map(
    named.flatMap((each) => [each.ref, ...Object.values(each.attributes)].map((text) => [text, idOf(each)])),
  );
  const all = resources.flatMap((each) => edgesOf(each, names));
  const dead = new Set(all.filter(({ kind }) => kind === "deadLetters").map(({ to }) => to));
  const own = recoverysOwn(resources, names, all);
  const edges = all.filter((edge) => !own.has(edge.from) && !own.has(edge.to) && !isFailFast(edge, all, dead));
  const nodes = named.map((each): FlowNode => {
    const id = idOf(each);
    const kind = dead.has(id) ? "deadLetterQueue" : (KINDS[each.type] ?? "queue");
    return { id, kind, name: nameOf(each), system: each.stack };
  });
  return { nodes, edges: [...new Map(edges.map((edge) => [JSON.stringify(edge), edge])).values()] };
}

/** Its queue of reminders, and the APIs that a person asks with the functions behind them: no message of the system passes there. */
function recoverysOwn(
  resources: readonly DeployedResource[],
  names: ReadonlyMap<string, string>,
  edges: readonly FlowEdge[],
): ReadonlySet<string> {
  const variables = resources.map((each) => [idOf(each), variablesOf(each)] as const);
  const reminders = variables.flatMap(([, { RELIQ_WAKE_UPS_URL: url }]) => names.get(String(url)) ?? []);
  const operators = new Set(
    variables.flatMap(([id, { FAILED_TABLE: table, RELIQ_SYSTEMS: systems }]) => ((table ?? systems) ? [id] : [])),
  );
  const asked = edges.filter(({ kind, to, from }) => kind === "invokes" && operators.has(to) && isApi(from, resources));
  return new Set([...reminders, ...asked.flatMap(({ from, to }) => [from, to])]);
}

function isApi(id: string, resources: readonly DeployedResource[]): boolean {
  return resources.some((each) => idOf(each) === id && each.type === "AWS::ApiGatewayV2::Api");
}

/** A consumer that sends to the dead-letter queue of its own queue: that way is drawn already. */
function isFailFast(edge: FlowEdge, edges: readonly FlowEdge[], dead: ReadonlySet<string>): boolean {
  return (
    edge.kind === "sends" && dead.has(edge.to) && edges.some(({ kind, to }) => kind === "invokes" && to === edge.from)
  );
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
    case "AWS::Lambda::Function":
      return Object.values(variablesOf(resource)).flatMap((value) => edge("sends", resource.ref, value));
    default:
      return [];
  }
}

/** The variables of a function's environment; none of what is no function. */
export function variablesOf({ properties }: DeployedResource): Readonly<Record<string, unknown>> {
  const { Variables = {} } = (properties["Environment"] ?? {}) as { readonly Variables?: Record<string, unknown> };
  return Variables;
}
