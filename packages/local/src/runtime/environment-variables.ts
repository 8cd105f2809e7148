import { tmpdir } from "node:os";
import { AHEAD_VARIABLE } from "./messages.ts";

/** What a function's process is started with. */
export interface FunctionSettings {
  readonly functionName: string;
  readonly functionArn: string;
  /** Changes with the code and with each setting: an environment serves one revision. */
  readonly revision: string;
  /** The directory of the function's code. */
  readonly codeDirectory: string;
  /** `index.handler` */
  readonly handler: string;
  /** `nodejs24.x` */
  readonly runtime: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly logGroupName: string;
  readonly logFormat: "JSON" | "Text";
  /** The least level that is logged; only where the log format is JSON. */
  readonly logLevel: string;
}

/** Where a function's process runs. */
export interface Surroundings {
  readonly region: string;
  /** The region's endpoint, which the SDKs of the function call. */
  readonly endpoint: string;
  /** A directory where compiled code is kept between processes. */
  readonly compileCacheDirectory: string;
  /** How far the region is ahead of the machine's time, milliseconds. @default its time is the machine's */
  readonly aheadMs?: number;
  /** Where X-Ray's SDKs send segments. @default nowhere */
  readonly xrayAddress?: string | undefined;
}

/** Of the region's own environment a process gets these, and no more: without them a system cannot run a program. */
const INHERITED: readonly string[] = ["PATH", "SystemRoot", "SYSTEMROOT", "windir", "PATHEXT"];

/**
 * The environment of a function's process: what Lambda sets
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html) and the function's own.
 */
export function environmentVariables(
  settings: FunctionSettings,
  surroundings: Surroundings,
  logStreamName: string,
  parent: NodeJS.ProcessEnv,
): Record<string, string> {
  const inherited = INHERITED.flatMap((name) => (parent[name] === undefined ? [] : [[name, parent[name]]]));
  return {
    ...Object.fromEntries(inherited),
    LANG: "en_US.UTF-8",
    TZ: "UTC",
    // Keeps the SDKs off the shared configuration of the person who runs the region.
    HOME: tmpdir(),
    TMPDIR: tmpdir(),
    TEMP: tmpdir(),
    NODE_COMPILE_CACHE: surroundings.compileCacheDirectory,
    AWS_ENDPOINT_URL: surroundings.endpoint,
    AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
    ...(surroundings.xrayAddress !== undefined && { AWS_XRAY_DAEMON_ADDRESS: surroundings.xrayAddress }),
    ...settings.variables,
    _HANDLER: settings.handler,
    LAMBDA_TASK_ROOT: settings.codeDirectory,
    AWS_REGION: surroundings.region,
    AWS_DEFAULT_REGION: surroundings.region,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_EXECUTION_ENV: `AWS_Lambda_${settings.runtime}`,
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_FUNCTION_NAME: settings.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: settings.logGroupName,
    AWS_LAMBDA_LOG_STREAM_NAME: logStreamName,
    ...(surroundings.aheadMs !== undefined && { [AHEAD_VARIABLE]: String(surroundings.aheadMs) }),
    ...(settings.logFormat === "JSON" && { AWS_LAMBDA_LOG_FORMAT: "JSON", AWS_LAMBDA_LOG_LEVEL: settings.logLevel }),
  };
}

/** The names that a function's own variables may not take (the same page, "reserved environment variables"), and the region's own. */
export const RESERVED_VARIABLES: readonly string[] = [
  AHEAD_VARIABLE,
  "_HANDLER",
  "_X_AMZN_TRACE_ID",
  "AWS_DEFAULT_REGION",
  "AWS_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_INITIALIZATION_TYPE",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "AWS_ACCESS_KEY",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_LAMBDA_RUNTIME_API",
  "LAMBDA_TASK_ROOT",
  "LAMBDA_RUNTIME_DIR",
];
