import type { Role } from "@reliq/core/recovery";
import { apisOf, localCredentials } from "../recovery-client.ts";
import { regionStatus } from "../region-client.ts";
import { signRequest } from "../sign-request.ts";
import { type Answer, json } from "./send-answer.ts";

/**
 * Hands `/api/systems/<system>/…` to that system's RecoveryApi, under the name of who runs the console and with their role: the API itself
 * decides on it.
 */
export function proxyRecovery(
  endpoint: string,
  role: Role,
): (method: string, path: string, search: string, body: string | undefined) => Promise<Answer> {
  return async (method, path, search, body) => {
    const [, system = "", rest = ""] = /^\/api\/systems\/([^/]+)(\/.*)$/.exec(path) ?? [];
    const base = await apiOf(endpoint, decodeURIComponent(system));
    if (base === undefined) {
      const message = `The system ${JSON.stringify(system)} has no RecoveryApi. Add one to its stack: new RecoveryApi(stack, "Api", { recovery }).`;
      return json({ code: "api-missing", message }, 404);
    }
    const url = new URL(`${base.replace(/\/$/, "")}${rest}${search === "" ? "" : `?${search}`}`);
    const settings = { region: "us-east-1", credentials: localCredentials() };
    const content = body === undefined ? {} : { body };
    const signed = await signRequest({ url, method, service: "execute-api", settings, ...content });
    const answer = await fetch(url, { method, headers: { ...signed, "x-reliq-role": role }, ...content });
    const type = answer.headers.get("content-type") ?? "application/json";
    return { status: answer.status, type, body: Buffer.from(await answer.arrayBuffer()), headers: NO_STORE };
  };
}

const NO_STORE = { "cache-control": "no-store" };

async function apiOf(endpoint: string, system: string): Promise<string | undefined> {
  const { stacks } = await regionStatus(endpoint);
  return apisOf(stacks).find(({ stack }) => stack === system)?.url;
}
