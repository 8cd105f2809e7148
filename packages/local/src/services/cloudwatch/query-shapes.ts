import type { QueryShape, QueryShapes } from "../../kernel/protocol/query.ts";

const wrapped = (element: QueryShape = {}) => ({ wire: "member", wrapped: true, element }) as const;
const TEXTS = { wire: "member", wrapped: true } as const;

const DIMENSIONS = { Dimensions: wrapped() };
const STAT: QueryShape = { structures: { Metric: { lists: DIMENSIONS } } };
const QUERY: QueryShape = { structures: { MetricStat: STAT } };
const ACTIONS = { OKActions: TEXTS, AlarmActions: TEXTS, InsufficientDataActions: TEXTS };
const ALARM: QueryShape = { lists: { ...ACTIONS, ...DIMENSIONS, Metrics: wrapped(QUERY) } };
const NAMES: QueryShape = { lists: { AlarmNames: TEXTS, AlarmTypes: TEXTS } };
const DATUM: QueryShape = { lists: { ...DIMENSIONS, Values: TEXTS, Counts: TEXTS } };

/** The shapes of the actions on the Query protocol; numbers and times are read off their texts by the actions. */
export const QUERY_SHAPES: QueryShapes = {
  DeleteAlarms: { input: NAMES },
  DeleteDashboards: { input: { lists: { DashboardNames: TEXTS } }, output: { lists: {} } },
  DescribeAlarmHistory: { input: NAMES, output: { lists: { AlarmHistoryItems: wrapped() } } },
  DescribeAlarms: {
    input: NAMES,
    output: { lists: { MetricAlarms: wrapped(ALARM), CompositeAlarms: wrapped(ALARM) } },
  },
  DescribeAlarmsForMetric: { input: { lists: DIMENSIONS }, output: { lists: { MetricAlarms: wrapped(ALARM) } } },
  DisableAlarmActions: { input: NAMES },
  EnableAlarmActions: { input: NAMES },
  GetDashboard: { output: { lists: {} } },
  GetMetricData: {
    input: { lists: { MetricDataQueries: wrapped(QUERY) } },
    output: {
      lists: { MetricDataResults: wrapped({ lists: { Timestamps: TEXTS, Values: TEXTS } }), Messages: wrapped() },
    },
  },
  GetMetricStatistics: {
    input: { lists: { ...DIMENSIONS, Statistics: TEXTS, ExtendedStatistics: TEXTS } },
    output: {
      lists: {
        Datapoints: wrapped({
          maps: { ExtendedStatistics: { wire: "entry", key: "key", value: "value", wrapped: true } },
        }),
      },
    },
  },
  ListDashboards: { output: { lists: { DashboardEntries: wrapped() } } },
  ListMetrics: { input: { lists: DIMENSIONS }, output: { lists: { Metrics: wrapped({ lists: DIMENSIONS }) } } },
  PutCompositeAlarm: { input: { lists: { ...ACTIONS, Tags: wrapped() } } },
  PutDashboard: { output: { lists: { DashboardValidationMessages: wrapped() } } },
  PutMetricAlarm: { input: { lists: { ...ALARM.lists, Tags: wrapped() } } },
  PutMetricData: { input: { lists: { MetricData: wrapped(DATUM) } } },
};
