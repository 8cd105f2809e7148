import { Alarm, type CfnAlarm, ComparisonOperator, type IMetric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";

/** `critical`: messages or callers suffer now, so somebody is woken; `warning`: they will, if nobody looks by day. */
export type Severity = "critical" | "warning";

/** When an alarm rings, and what whoever is told needs to know. */
export interface AlarmRule {
  readonly metric: IMetric;
  /** It rings while the metric is above this, within its period. */
  readonly above: number;
  readonly severity: Severity;
  /** What is wrong, in a sentence. */
  readonly why: string;
  /** The runbook's noun: `docs/runbooks/<noun>.md`. */
  readonly runbook: string;
  /** @default a name that CloudFormation makes */
  readonly alarmName?: string;
  /** What a period without a value is. @default TreatMissingData.NOT_BREACHING */
  readonly treatMissingData?: TreatMissingData;
}

/** Where runbooks are, unless a Monitoring says where. */
const RUNBOOKS = "docs/runbooks/";

const LABELS = { critical: "Critical", warning: "Warning" } as const;

/** Defines an alarm; its description says how urgent it is, what is wrong, and where its runbook is. */
export function defineAlarm(scope: Construct, id: string, rule: AlarmRule): Alarm {
  return new Alarm(scope, id, {
    metric: rule.metric,
    threshold: rule.above,
    alarmDescription: describeRule(rule),
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 1,
    treatMissingData: rule.treatMissingData ?? TreatMissingData.NOT_BREACHING,
    ...(rule.alarmName !== undefined && { alarmName: rule.alarmName }),
  });
}

/** What an alarm's description says. */
export function describeRule({ severity, why, runbook }: Pick<AlarmRule, "runbook" | "severity" | "why">): string {
  return `${LABELS[severity]}: ${why} Runbook: ${RUNBOOKS}${runbook}.md`;
}

/** Has an alarm's description name the place where the runbooks are, which ends in `/`. */
export function linkRunbook(alarm: Alarm, runbooks: string): void {
  const definition = alarm.node.defaultChild as CfnAlarm;
  const { alarmDescription } = definition;
  if (alarmDescription !== undefined) {
    definition.alarmDescription = alarmDescription.replace(` ${RUNBOOKS}`, ` ${runbooks}`);
  }
}
