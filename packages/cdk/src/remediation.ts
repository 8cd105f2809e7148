import {
  completeRemedies,
  type PauseIntake,
  type Remedy,
  type ScaleConcurrency,
  type WidenThrottle,
} from "@reliq/core/remediation";
import { Duration, RemovalPolicy, Stack, Validations } from "aws-cdk-lib";
import { AttributeType, BillingMode, Table } from "aws-cdk-lib/aws-dynamodb";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction as FunctionTarget } from "aws-cdk-lib/aws-events-targets";
import { Grant } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { BUNDLED_FUNCTION_PROPS, BundledFunction } from "./bundled-function.ts";
import { checkProps, flag, given, type PropCheck, refusedProp, text } from "./check-props.ts";
import type { Consumer } from "./consumer.ts";
import type { Journal } from "./journal.ts";
import { functionEntry } from "./recovery.ts";

/** A remedy, with the construct that it works on in place of its name. */
export type RemedyOf =
  | (Omit<PauseIntake, "mapping"> & { readonly consumer: Consumer })
  | (Omit<ScaleConcurrency, "mapping" | "queueUrl"> & { readonly consumer: Consumer })
  | (Omit<WidenThrottle, "functionName"> & { readonly function: LambdaFunction });

/** What a Remediation is made of. */
export interface RemediationProps {
  readonly remedies: readonly RemedyOf[];
  /** Whether remedies act. Where they do not, its function logs what they would do. @default false */
  readonly enabled?: boolean;
  /** Where breakers are shared (`dynamodbBreakers`): needed for `pause-intake`. @default none */
  readonly journal?: Journal;
  /** Who is told of each change. @default nobody is; the log has it */
  readonly topic?: ITopic;
  /** @default a name that CloudFormation makes */
  readonly functionName?: string;
  /** @default a name that CloudFormation makes */
  readonly tableName?: string;
}

const isGiven =
  (takes: string): PropCheck =>
  (value) =>
    value === undefined ? undefined : given(takes)(value);

const PROPS: Readonly<Record<keyof RemediationProps, PropCheck>> = {
  remedies: (value) => (Array.isArray(value) && value.length > 0 ? undefined : "a list of remedies"),
  enabled: flag,
  journal: isGiven("a Journal"),
  topic: isGiven("a topic"),
  functionName: BUNDLED_FUNCTION_PROPS.functionName,
  tableName: text(/^[\w.-]{3,255}$/, "3 to 255 letters, digits, '-', '_' or '.'"),
};

/**
 * Named automatic answers to known problems, each bounded, logged and taken back when its problem is over: one function, each minute, that may read and
 * change the settings of what its remedies name, and nothing else. Off, unless `enabled`.
 * @throws ReliqError `construct-prop` that names the prop, its value and what it takes; `remedy` for a remedy that cannot work.
 */
export class Remediation extends Construct {
  readonly function: LambdaFunction;
  /** What remedies have changed, until it is taken back. */
  readonly table: Table;

  constructor(scope: Construct, id: string, props: RemediationProps) {
    super(scope, id);
    checkProps(this, props, PROPS);
    const { remedies, enabled = false, journal, topic, functionName, tableName } = props;
    if (!journal && remedies.some(({ kind }) => kind === "pause-intake")) {
      throw refusedProp(
        this,
        "journal",
        journal,
        "a remedy of kind pause-intake needs the Journal that breakers are shared in",
      );
    }
    this.table = new Table(this, "Table", {
      ...(tableName !== undefined && { tableName }),
      partitionKey: { name: "remedy", type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.function = new BundledFunction(this, "Handler", {
      entry: functionEntry("remediation"),
      timeout: Duration.seconds(30),
      environment: {
        RELIQ_REMEDIES: Stack.of(this).toJsonString(completeRemedies(remedies.map(named))),
        RELIQ_REMEDIES_ENABLED: String(enabled),
        RELIQ_REMEDY_TABLE: this.table.tableName,
        ...(journal && { RELIQ_JOURNAL_TABLE: journal.table.tableName }),
        ...(topic && { RELIQ_REMEDY_TOPIC: topic.topicArn }),
      },
      ...(functionName !== undefined && { functionName }),
    }).function;
    this.#grant(remedies, journal, topic);
    new Rule(this, "Schedule", {
      description: "Remedies look at their problems.",
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new FunctionTarget(this.function)],
    });
  }

  #grant(remedies: readonly RemedyOf[], journal: Journal | undefined, topic: ITopic | undefined): void {
    const allow = (actions: readonly string[], ...arns: readonly string[]): void => {
      Grant.addToPrincipal({ grantee: this.function, actions: [...actions], resourceArns: [...arns] });
    };
    allow(["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem"], this.table.tableArn);
    if (journal) allow(["dynamodb:BatchGetItem"], journal.table.tableArn);
    if (topic) allow(["sns:Publish"], topic.topicArn);
    for (const remedy of remedies) {
      if (remedy.kind === "widen-throttle") {
        allow(["lambda:GetFunctionConcurrency", "lambda:PutFunctionConcurrency"], remedy.function.functionArn);
        continue;
      }
      const { eventSource, source } = remedy.consumer;
      allow(["lambda:GetEventSourceMapping", "lambda:UpdateEventSourceMapping"], eventSource.eventSourceMappingArn);
      if (remedy.kind === "scale-concurrency") allow(["sqs:GetQueueAttributes"], source.queue.queueArn);
    }
    if (!remedies.some(({ kind }) => kind === "widen-throttle")) return;
    allow(["cloudwatch:GetMetricData"], "*");
    if (!this.function.role) return;
    const reason = "Only cloudwatch:GetMetricData, and metrics have no ARNs.";
    Validations.of(this.function.role).acknowledge({ id: "AwsSolutions-IAM5[Resource::*]", reason });
  }
}

/** A remedy as its function takes it: by names. */
function named(remedy: RemedyOf): Remedy {
  if (remedy.kind === "widen-throttle") {
    const { function: it, ...rest } = remedy;
    return { ...rest, functionName: it.functionName };
  }
  const { consumer, ...rest } = remedy;
  const mapping = consumer.eventSource.eventSourceMappingId;
  return rest.kind === "pause-intake"
    ? { ...rest, mapping }
    : { ...rest, mapping, queueUrl: consumer.source.queue.queueUrl };
}
