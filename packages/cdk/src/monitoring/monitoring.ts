import { Stack } from "aws-cdk-lib";
import { type Alarm, type CfnAlarm, Dashboard } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Construct } from "constructs";
import { type AlarmRule, defineAlarm, linkRunbook } from "../alarm.ts";
import { AlarmTopic } from "../alarm-topic.ts";
import { checkProps } from "../check-props.ts";
import { ReliableQueue } from "../reliable-queue.ts";
import { deriveAlarms } from "./alarms.ts";
import { defineLogMetrics } from "./log-metrics.ts";
import { logGroupOf, type Observed, observe, placeOf } from "./observed.ts";
import { MONITORING_PROPS, type MonitoringProps, THRESHOLDS } from "./props.ts";
import { defineQueries } from "./saved-queries.ts";
import { deriveWidgets } from "./widgets.ts";

/**
 * Watches what is there when it is defined: alarms on every queue, function, API, outbox and recovery, the metrics that their log lines
 * carry, saved queries over those, and a dashboard. What constructs watch by themselves it tells its topic too, and does not watch twice.
 * @throws ReliqError `construct-prop` that names the prop, its value and what it takes.
 */
export class Monitoring extends Construct {
  /** Who is told. */
  readonly topic: ITopic;
  /** Undefined where `dashboard` is false; rows of yours go below its own. */
  readonly dashboard: Dashboard | undefined;
  readonly #alarms: Alarm[];
  readonly #name: string;
  readonly #runbooks: string;

  constructor(scope: Construct, id: string, props: MonitoringProps = {}) {
    super(scope, id);
    checkProps(this, props, MONITORING_PROPS);
    const { name = Stack.of(this).stackName, runbooks = "docs/runbooks/", dashboardName = name } = props;
    const { scopes = [Stack.of(this)], metricNamespace = `Reliq/${name}` } = props;
    this.#name = name;
    this.#runbooks = runbooks;
    const observed = observe(scopes);
    const thresholds = { ...THRESHOLDS, ...props };
    this.topic = chooseTopic(this, props, observed);
    defineLogMetrics(placeOf(this, "Logs"), observed, metricNamespace);
    this.#alarms = this.#adopt(observed, thresholds.deadLettersAbove);
    for (const { label, id: kind, ...rule } of deriveAlarms(observed, thresholds, metricNamespace)) {
      this.#define(placeOf(this, label), kind, `${label} ${kind}`, rule);
    }
    const logGroups = observed.functions.map(({ it }) => logGroupOf(it)).filter((each) => each !== undefined);
    if (logGroups.length > 0) defineQueries(placeOf(this, "Queries"), name, logGroups);
    this.dashboard = props.dashboard === false ? undefined : new Dashboard(this, "Dashboard", { dashboardName });
    this.dashboard?.addWidgets(...deriveWidgets(observed, this.#alarms, metricNamespace));
  }

  /** Every alarm that it defined, or has tell its topic, or that a Recovery has tell its own. */
  get alarms(): readonly Alarm[] {
    return this.#alarms;
  }

  /** Adds an alarm on a metric of yours, which tells the topic. */
  addAlarm(id: string, rule: AlarmRule): Alarm {
    return this.#define(this, id, id, rule);
  }

  #define(scope: Construct, id: string, title: string, rule: AlarmRule): Alarm {
    const alarm = defineAlarm(scope, id, { alarmName: `${this.#name}-${kebab(title)}`, ...rule });
    linkRunbook(alarm, this.#runbooks);
    alarm.addAlarmAction(new SnsAction(this.topic));
    alarm.addOkAction(new SnsAction(this.topic));
    this.#alarms.push(alarm);
    return alarm;
  }

  /** Takes on the alarms that constructs have by themselves: those that nobody is told of yet tell its topic. */
  #adopt({ queues, outboxes, recoveries }: Observed, deadLettersAbove: number): Alarm[] {
    const told = recoveries.flatMap(({ alarms }) => alarms);
    const served = new Set(recoveries.flatMap((each) => each.queues.map(({ queue }) => queue)));
    const untold = [...outboxes.map(({ it }) => it.unsentAlarm)];
    for (const { it } of queues) {
      if (!(it instanceof ReliableQueue)) continue;
      if (!told.includes(it.deadLetterAlarm)) untold.push(it.deadLetterAlarm);
      if (!served.has(it.queue)) (it.deadLetterAlarm.node.defaultChild as CfnAlarm).threshold = deadLettersAbove;
    }
    for (const alarm of untold) alarm.addAlarmAction(new SnsAction(this.topic));
    for (const alarm of [...told, ...untold]) linkRunbook(alarm, this.#runbooks);
    return [...told, ...untold];
  }
}

function chooseTopic(scope: Construct, { topic, alarmEmail }: MonitoringProps, { recoveries }: Observed): ITopic {
  const [recovery] = recoveries;
  const known = topic ?? recovery?.alertTopic;
  if (known) {
    if (alarmEmail !== undefined) known.addSubscription(new EmailSubscription(alarmEmail));
    return known;
  }
  const email = alarmEmail ?? (scope.node.tryGetContext("alarmEmail") as string | undefined);
  return new AlarmTopic(scope, "Alarms", email === undefined ? {} : { email });
}

/** `Worker Errors` and `WorkerErrors` as `worker-errors`. */
function kebab(title: string): string {
  return title
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/[^A-Za-z0-9]+/g, "-")
    .toLowerCase();
}
