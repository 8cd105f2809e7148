import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { customResources } from "./assembly/custom-resources.ts";
import { WITHOUT_LOCAL_MEANING } from "./assembly/local-meaning.ts";
import { systemClock } from "./kernel/clock.ts";
import type { ResourceProvider } from "./kernel/resource.ts";
import type { Service, World } from "./kernel/service.ts";
import { createServiceMetrics } from "./kernel/service-metrics.ts";
import { openStore } from "./kernel/store.ts";
import { createTraces } from "./kernel/traces.ts";
import { SERVICES } from "./services/index.ts";

const INTRODUCTION = `# The local region: reference

What the local region serves. This page is made from the code by \`npm run reference\`, and a test holds it true.

- **Supported**: carried out as AWS's guides say it.
- **Partly**: carried out, except for what is said beside it. What is missing is refused by name, unless the text says that it is kept.
- **Everything else is refused by name**: an action with \`UnknownOperationException\` (\`InvalidAction\` on the Query protocol, \`NotImplemented\`
  from S3), a parameter with the service's own error, a resource type or a property before anything of its assembly is created.

Actions whose names begin with \`Reliq\` are the region's own: what its commands read, and AWS does not show.
`;

/** The reference of what the local region serves, made from the services themselves, as Markdown. */
export async function localRegionReference(): Promise<string> {
  return withServices((services, world) => {
    const custom = Object.entries(customResources(world.call));
    return [INTRODUCTION, ...services.map(describeService), describeCustom(custom), describeOthers()].join("\n");
  });
}

async function withServices<T>(read: (services: readonly Service[], world: World) => T): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "reliq-reference-"));
  const store = openStore(directory);
  const world: World = {
    store,
    clock: systemClock(),
    metrics: createServiceMetrics(systemClock()),
    traces: createTraces(systemClock()),
    accountId: "000000000000",
    region: "us-east-1",
    peers: {},
    endpoint: () => "http://127.0.0.1:4566",
    call: async () => ({}),
    report: console.error,
  };
  const services = SERVICES.map((create) => create(world));
  try {
    return read(services.toSorted(byName), world);
  } finally {
    for (const service of services) await service.stop?.();
    store.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

function byName(a: Pick<Service, "name">, b: Pick<Service, "name">): number {
  return a.name < b.name ? -1 : 1;
}

function describeService(service: Service): string {
  const { name, actions, partly = {}, resources = {} } = service;
  const unknown = Object.keys(partly).find((action) => !(action in actions));
  if (unknown !== undefined) throw new Error(`${name} says what is missing of ${unknown}, an action that it lacks.`);
  const rows = Object.keys(actions)
    .sort()
    .map((action) => [action, statusOf(partly[action])]);
  return [
    `## ${name}\n\n${protocolsOf(service).join(", ")}.\n\n${table(["Action", "Status"], rows)}`,
    ...Object.entries(resources).map(([type, provider]) => `### ${type}\n\n${describeProvider(provider)}`),
  ].join("\n");
}

function statusOf(missing: string | undefined): string {
  if (missing === undefined) return "supported";
  return missing.startsWith("always refused") ? missing : `partly: ${missing}`;
}

function protocolsOf({ json, query, rest }: Service): readonly string[] {
  return [
    ...(json ? [`AWS JSON ${json.version}`] : []),
    ...(query ? ["Query"] : []),
    ...(rest ? [rest.errors === "xml" ? "REST-XML" : "REST-JSON"] : []),
  ];
}

function describeProvider({ supported, kept = {} }: ResourceProvider): string {
  const properties = supported.toSorted().map((property) => `\`${property}\``);
  const rows = Object.entries(kept).toSorted();
  return (
    `Properties: ${properties.join(", ")}.\n` +
    (rows.length > 0 ? `\n${table(["Kept and shown, without effect", "Why"], rows)}` : "")
  );
}

function describeCustom(providers: readonly (readonly [string, ResourceProvider])[]): string {
  const described = providers.map(([type, provider]) => `### ${type}\n\n${describeProvider(provider)}`);
  return `## Custom resources\n\nThose that CDK itself makes; what their functions would do is done directly. Any other is refused by name.\n\n${described.join("\n")}`;
}

function describeOthers(): string {
  const rows = Object.entries(WITHOUT_LOCAL_MEANING).toSorted();
  return `## Resource types without effect here\n\nThey are listed at the start, and what refers to them finds a name and an ARN.\n\n${table(["Type", "Why"], rows)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |\n`;
  return [head, head.map(() => "---"), ...rows].map(line).join("");
}
