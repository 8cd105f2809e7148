import type { Members, World } from "../../kernel/service.ts";
import { ServiceError } from "../../kernel/service-error.ts";

/** How a function answered: its result as JSON text, or why there is none. */
export type Invoked =
  | { readonly kind: "answered"; readonly payload: string; readonly error?: undefined; readonly traceHeader: string }
  | {
      readonly kind: "failed" | "late" | "throttled";
      readonly payload?: undefined;
      readonly error: string;
      /** What it ran under, where it ran to its end. */
      readonly traceHeader?: string;
    };

/** The longest that an integration is waited for, ms (HTTP API quotas). */
export const LONGEST_TIMEOUT_MS = 30_000;

/** Invokes a function and waits for its answer; one that is late runs on, and nobody sees what it returns. */
export async function invokeFunction(
  world: World,
  functionArn: string,
  event: Members,
  timeoutMs: number = LONGEST_TIMEOUT_MS,
  traceHeader?: string,
): Promise<Invoked> {
  const { promise: late, resolve } = Promise.withResolvers<Invoked>();
  const timer = setTimeout(() => resolve({ kind: "late", error: `No answer in ${timeoutMs} ms.` }), timeoutMs);
  try {
    return await Promise.race([invoke(world, functionArn, event, traceHeader), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function invoke(
  world: World,
  functionArn: string,
  event: Members,
  traceHeader: string | undefined,
): Promise<Invoked> {
  try {
    const Payload = JSON.stringify(event);
    const answer = await world.call("lambda", "Invoke", { FunctionName: functionArn, Payload }, undefined, traceHeader);
    const payload = String(answer["Payload"]);
    const ran = String(answer["TraceId"]);
    if (answer["FunctionError"] !== undefined) return { kind: "failed", error: payload, traceHeader: ran };
    return { kind: "answered", payload, traceHeader: ran };
  } catch (error) {
    const throttled = error instanceof ServiceError && error.status === 429;
    return { kind: throttled ? "throttled" : "failed", error: String(error) };
  }
}
