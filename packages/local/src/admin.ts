import { isAbsolute } from "node:path";
import { DefinitionError } from "./assembly/definition-error.ts";
import type { Deployment } from "./assembly/deploy.ts";
import type { DeployedResource } from "./assembly/deployed-resources.ts";
import type { Deployments } from "./assembly/deployments.ts";
import type { JumpRequest, Jumps } from "./jumps.ts";
import { parseJson } from "./kernel/protocol/aws-json.ts";
import type { RestAnswer, RestRequest, RestRoute } from "./kernel/protocol/rest.ts";
import type { Action, RequestContext, Service } from "./kernel/service.ts";
import { ServiceError } from "./kernel/service-error.ts";
import type { RegionStatus } from "./region-status.ts";

/** What can be asked of a running region from outside its process. */
interface Administered {
  readonly status: () => RegionStatus;
  readonly resources: (types: readonly string[]) => readonly DeployedResource[];
  readonly deployments: Deployments;
  readonly jumps: Jumps;
  readonly stop: () => Promise<void>;
}

type Answer = (request: RestRequest, context: RequestContext) => unknown;

/**
 * The region's own paths: `GET /_reliq/status`, `GET /_reliq/resources?type=AWS::SQS::Queue`, `POST /_reliq/deploy {assembly}`, `POST /_reliq/jump {seconds, waitSeconds?}`,
 * `POST /_reliq/stop`; and what its services ask of it.
 */
export function adminService({ status, resources, deployments, jumps, stop }: Administered): Service {
  const route = (method: string, action: string, answer: Answer): RestRoute => ({
    method,
    path: `/_reliq/${action}`,
    action,
    handle: async (request, context) => {
      refuseStrangers(request, status().endpoint);
      return json(await answer(request, context));
    },
  });
  const routes = [
    route("GET", "status", status),
    route("GET", "resources", ({ query }) => resources(query.getAll("type"))),
    route("POST", "deploy", ({ body }) => deployNamed(body, deployments)),
    // It is not kept from jumping by itself, nor by those that wait behind it.
    route("POST", "jump", ({ body }, { signal, waitFor = (work) => work }) =>
      waitFor(jumps(parseJson(body) as unknown as JumpRequest, signal)),
    ),
    route("POST", "stop", () => {
      setImmediate(() => void stop());
      return {};
    }),
  ];
  const removeNamed: Action = async ({ StackName: name }) => {
    await deployments.remove(String(name));
    return {};
  };
  return { name: "reliq", actions: { RemoveStack: removeNamed }, rest: { routes, errors: "json" } };
}

/** A page of another site, open in a browser on this machine, must neither read nor steer the region. */
function refuseStrangers({ headers }: RestRequest, endpoint: string): void {
  const { origin } = headers;
  if (origin === undefined || origin === endpoint) return;
  throw new ServiceError("AccessDenied", `Pages of ${origin} may not use the region's own paths.`, { status: 403 });
}

async function deployNamed(body: Buffer, deployments: Deployments): Promise<Deployment> {
  const { assembly } = parseJson(body);
  if (typeof assembly !== "string" || !isAbsolute(assembly)) {
    throw new ServiceError(
      "ValidationError",
      'Say which assembly, by its absolute path: {"assembly": "/path/of/cdk.out"}.',
    );
  }
  return deployments.deploy(assembly).catch((error: unknown) => {
    throw error instanceof DefinitionError ? new ServiceError(error.code, error.message, { cause: error }) : error;
  });
}

function json(value: unknown): RestAnswer {
  return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(value) };
}
