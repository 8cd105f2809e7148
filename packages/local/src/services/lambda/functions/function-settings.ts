import type { Members } from "../../../kernel/service.ts";
import { RESERVED_VARIABLES } from "../../../runtime/environment-variables.ts";
import { invalidParameter, notServed } from "../errors.ts";
import { integerWithin, oneOf, optionalStructure, optionalText, refuseOthers, texts } from "../input.ts";
import type { FunctionRecord } from "./function-record.ts";

type Settings = Omit<
  FunctionRecord,
  "codeBytes" | "codeHash" | "modifiedMs" | "name" | "reservedConcurrency" | "revision" | "tags"
>;

/** The most that a function's variables may take together, bytes (Lambda quotas). */
const VARIABLES_BYTES = 4_096;

const LOG_LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"] as const;

/** What a function has where nothing is said (CreateFunction's defaults). */
export function defaultSettings(name: string): Settings {
  return {
    runtime: "",
    handler: "",
    role: "",
    description: "",
    timeoutSeconds: 3,
    memoryMb: 128,
    variables: {},
    architectures: ["x86_64"],
    tracingMode: "PassThrough",
    deadLetterArn: undefined,
    logGroupName: `/aws/lambda/${name}`,
    logFormat: "Text",
    logLevel: "INFO",
  };
}

/**
 * Reads the settings that a request or a template gives; what it leaves out stays as it is.
 * @throws ValidationException or InvalidParameterValueException, as Lambda does
 */
export function readSettings<T extends Settings>(input: Members, before: T): T {
  const architectures = texts(input, "Architectures");
  return {
    ...before,
    runtime: readRuntime(optionalText(input, "Runtime") ?? before.runtime),
    handler: readHandler(optionalText(input, "Handler") ?? before.handler),
    role: optionalText(input, "Role") ?? before.role,
    description: optionalText(input, "Description") ?? before.description,
    timeoutSeconds: integerWithin(input, "Timeout", 1, 900) ?? before.timeoutSeconds,
    memoryMb: integerWithin(input, "MemorySize", 128, 10_240) ?? before.memoryMb,
    variables: readVariables(optionalStructure(input, "Environment")) ?? before.variables,
    architectures: architectures.length > 0 ? architectures : before.architectures,
    tracingMode: readTracing(optionalStructure(input, "TracingConfig")) ?? before.tracingMode,
    deadLetterArn: readDeadLetterArn(input, before.deadLetterArn),
    ...readLogging(optionalStructure(input, "LoggingConfig")),
  };
}

function readRuntime(runtime: string): string {
  if (runtime === "") throw invalidParameter("Runtime is mandatory for functions created with deployment packages.");
  if (/^nodejs\d+\.x$/.test(runtime)) return runtime;
  throw notServed(`the runtime ${runtime}: it runs Node.js functions, on its own version of Node`);
}

function readHandler(handler: string): string {
  if (handler === "") throw invalidParameter("Handler is mandatory for functions created with deployment packages.");
  return handler;
}

function readVariables(environment: Members | undefined): Record<string, string> | undefined {
  if (!environment) return undefined;
  const given = Object.entries(optionalStructure(environment, "Variables") ?? {});
  const variables = Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
  const reserved = Object.keys(variables).filter((name) => RESERVED_VARIABLES.includes(name));
  if (reserved.length > 0) {
    throw invalidParameter(
      "Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys " +
        `that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(", ")}`,
    );
  }
  if (Buffer.byteLength(JSON.stringify(variables)) > VARIABLES_BYTES) {
    throw invalidParameter(
      "Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit.",
    );
  }
  return variables;
}

function readTracing(config: Members | undefined): FunctionRecord["tracingMode"] | undefined {
  const mode = config && optionalText(config, "Mode");
  return mode === undefined ? undefined : oneOf<FunctionRecord["tracingMode"]>(mode, "Mode", ["Active", "PassThrough"]);
}

function readDeadLetterArn(input: Members, before: string | undefined): string | undefined {
  const config = optionalStructure(input, "DeadLetterConfig");
  if (!config) return before;
  const arn = optionalText(config, "TargetArn") ?? "";
  if (arn !== "" && !takesRecords(arn))
    throw notServed(`the dead-letter target ${arn}: it takes standard SQS queues and SNS topics`);
  return arn === "" ? undefined : arn;
}

/** What may be a dead-letter target or a destination: a queue or a topic; Lambda takes no FIFO ones. */
export function takesRecords(arn: string): boolean {
  return /^arn:aws:(sqs|sns):[^:]+:\d{12}:[\w-]+$/.test(arn);
}

function readLogging(
  config: Members | undefined,
): Partial<Pick<FunctionRecord, "logFormat" | "logGroupName" | "logLevel">> {
  if (!config) return {};
  refuseOthers(config, ["ApplicationLogLevel", "LogFormat", "LogGroup", "SystemLogLevel"], "LoggingConfig");
  const group = optionalText(config, "LogGroup");
  const format = optionalText(config, "LogFormat");
  const level = optionalText(config, "ApplicationLogLevel");
  const systemLevel = optionalText(config, "SystemLogLevel") ?? "INFO";
  if (systemLevel !== "INFO") throw notServed(`the SystemLogLevel ${systemLevel}`);
  return {
    ...(group !== undefined && { logGroupName: group }),
    ...(format !== undefined && { logFormat: oneOf(format, "LogFormat", ["JSON", "Text"]) }),
    ...(level !== undefined && { logLevel: oneOf(level, "ApplicationLogLevel", LOG_LEVELS) }),
  };
}
