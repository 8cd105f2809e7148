import type { Policy } from "@reliq/core/recovery";
import { Duration, RemovalPolicy, Validations } from "aws-cdk-lib";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Function as LambdaFunction, Runtime, Tracing } from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { bundledCode, conditionsOf, isEntry, type LeftOut } from "./bundle.ts";
import { anything, checkProps, duration, flag, given, type PropCheck, text, wholeNumber } from "./check-props.ts";
import type { LargeBodies } from "./large-bodies.ts";
import { policyCheck } from "./recovery-policy.ts";

/** What a BundledFunction is made of; every limit is Lambda's own (its quotas page). */
export interface BundledFunctionProps {
  /** The path of the module that exports `handler`: `join(import.meta.dirname, "handlers/orders.ts")`, or from the folder of cdk.json. */
  readonly entry: string;
  /** @default a name that CloudFormation makes */
  readonly functionName?: string;
  /** How long one invocation may take, 1 second to 15 minutes. @default 5 seconds */
  readonly timeout?: Duration;
  /** Memory, MiB, 128 to 10240; processor time comes in proportion, a whole core at 1769. @default 512 */
  readonly memorySizeMb?: number;
  /** @default nothing beside what the construct sets */
  readonly environment?: Readonly<Record<string, string>>;
  /** The most instances at once, cut out of the account's; invocations over it are throttled. @default no limit of its own */
  readonly reservedConcurrency?: number;
  /** How long log lines are kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
  /** Where bodies are that are too large to send; the function then knows the bucket as RELIQ_LARGE_BODIES_BUCKET. A Consumer may read from it, an Outbox store in it; for others, see its grants. @default none */
  readonly largeBodies?: LargeBodies;
  /** The policy of a function of recovery whose code gives none: `recovery.policy`. @default none */
  readonly policy?: Policy;
  /** `"active"`: its invocations are traced by X-Ray, which it may then send to; with `startTracing()` of `@reliq/aws/tracing` what it does is, too. X-Ray costs by the trace. @default "off" */
  readonly tracing?: "active" | "off";
  /** Whether stacks name source files and lines, for a larger bundle and a slower start. @default false */
  readonly sourceMap?: boolean;
}

const LARGE_BODIES_BUCKET = "RELIQ_LARGE_BODIES_BUCKET";

/** The checks of a BundledFunction's props. */
export const BUNDLED_FUNCTION_PROPS: Readonly<Record<keyof BundledFunctionProps, PropCheck>> = {
  entry: (value) =>
    isEntry(value)
      ? undefined
      : `the path of a module that is there, absolute or from the folder of cdk.json (now ${process.cwd()})`,
  functionName: text(/^[\w-]{1,64}$/, "1 to 64 letters, digits, '-' or '_'"),
  timeout: duration(Duration.seconds(1), Duration.minutes(15)),
  memorySizeMb: wholeNumber(128, 10_240),
  environment: anything,
  reservedConcurrency: wholeNumber(0, 1_000_000),
  logRetention: wholeNumber(1, RetentionDays.INFINITE),
  largeBodies: (value) => (value === undefined ? undefined : given("a LargeBodies")(value)),
  policy: policyCheck,
  tracing: text(/^(active|off)$/, '"active" or "off"'),
  sourceMap: flag,
};

/**
 * A function of one module and all that it imports, with a role of its own that may write to its own log group, and nothing else.
 * @throws ReliqError `construct-prop` that names the prop, its value and what it takes.
 */
export class BundledFunction extends Construct {
  readonly function: LambdaFunction;
  readonly timeout: Duration;

  /** `without`: what the function's bundle can leave out beside what its props say. */
  constructor(scope: Construct, id: string, props: BundledFunctionProps, without: readonly LeftOut[] = []) {
    super(scope, id);
    checkProps(this, props, BUNDLED_FUNCTION_PROPS);
    const { functionName, reservedConcurrency, largeBodies, policy, sourceMap = false } = props;
    this.timeout = props.timeout ?? Duration.seconds(5);
    const logGroup = new LogGroup(this, "Log", {
      ...(functionName !== undefined && { logGroupName: `/aws/lambda/${functionName}` }),
      retention: props.logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, "Role", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
    logGroup.grantWrite(role);
    if (props.tracing === "active") {
      const reason = "Only xray:PutTraceSegments and xray:PutTelemetryRecords, which take no resource.";
      Validations.of(role).acknowledge({ id: "AwsSolutions-IAM5[Resource::*]", reason });
    }
    this.function = new LambdaFunction(this, "Function", {
      runtime: Runtime.NODEJS_24_X,
      handler: "index.handler",
      code: bundledCode(props.entry, {
        conditions: conditionsOf(process.execArgv, process.env["NODE_OPTIONS"]),
        sourceMap,
        without: [
          ...(largeBodies || LARGE_BODIES_BUCKET in (props.environment ?? {}) ? [] : ["RELIQ_LARGE_BODIES" as const]),
          ...without,
        ],
        ...(policy && { policy }),
      }),
      role,
      logGroup,
      timeout: this.timeout,
      memorySize: props.memorySizeMb ?? 512,
      environment: {
        ...(sourceMap && { NODE_OPTIONS: "--enable-source-maps" }),
        ...props.environment,
        ...(largeBodies && { [LARGE_BODIES_BUCKET]: largeBodies.bucket.bucketName }),
      },
      ...(props.tracing === "active" && { tracing: Tracing.ACTIVE }),
      ...(functionName !== undefined && { functionName }),
      ...(reservedConcurrency !== undefined && { reservedConcurrentExecutions: reservedConcurrency }),
    });
  }
}
