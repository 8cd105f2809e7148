import { DefinitionError } from "./assembly/definition-error.ts";
import type { Deployment } from "./assembly/deploy.ts";
import { parseJson } from "./kernel/protocol/aws-json.ts";
import type { RestAnswer, RestRequest, RestRoute } from "./kernel/protocol/rest.ts";
import type { Service } from "./kernel/service.ts";
import { ServiceError } from "./kernel/service-error.ts";
import type { RegionStatus } from "./region-status.ts";

/** What can be asked of a running region from outside its process. */
interface Administered {
  readonly status: () => RegionStatus;
  readonly deploy: (assemblyDirectory: string) => Promise<Deployment>;
  readonly stop: () => Promise<void>;
}

/** The region's own paths: `GET /_reliq/status`, `POST /_reliq/deploy {assembly}`, `POST /_reliq/stop`. */
export function adminService({ status, deploy, stop }: Administered): Service {
  const route = (method: string, action: string, answer: (request: RestRequest) => unknown): RestRoute => ({
    method,
    path: `/_reliq/${action}`,
    action,
    handle: async (request) => {
      refuseStrangers(request, status().endpoint);
      return json(await answer(request));
    },
  });
  const routes = [
    route("GET", "status", status),
    route("POST", "deploy", ({ body }) => deployNamed(body, deploy)),
    route("POST", "stop", () => {
      setImmediate(() => void stop());
      return {};
    }),
  ];
  return { name: "reliq", actions: {}, rest: { routes, errors: "json" } };
}

/** A page of another site, open in a browser on this machine, must neither read nor steer the region. */
function refuseStrangers({ headers }: RestRequest, endpoint: string): void {
  const { origin } = headers;
  if (origin === undefined || origin === endpoint) return;
  throw new ServiceError("AccessDenied", `Pages of ${origin} may not use the region's own paths.`, { status: 403 });
}

async function deployNamed(body: Buffer, deploy: Administered["deploy"]): Promise<Deployment> {
  const { assembly } = parseJson(body);
  if (typeof assembly !== "string") {
    throw new ServiceError("ValidationError", 'Say which assembly: {"assembly": "/path/of/cdk.out"}.');
  }
  return deploy(assembly).catch((error: unknown) => {
    throw error instanceof DefinitionError ? new ServiceError(error.code, error.message, { cause: error }) : error;
  });
}

function json(value: unknown): RestAnswer {
  return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(value) };
}
