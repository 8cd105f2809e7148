type Priced =
  | "dynamodbReadUnit"
  | "dynamodbWriteUnit"
  | "eventBridgeEvent"
  | "alarmMonth"
  | "customMetricMonth"
  | "httpApiRequest"
  | "kmsKeyMonth"
  | "kmsRequest"
  | "lambdaGigabyteSecond"
  | "lambdaRequest"
  | "logsGigabyte"
  | "sesEmail"
  | "snsPublish"
  | "sqsFifoRequest"
  | "sqsStandardRequest";

/** The day on which AWS's pricing pages had these prices. */
export const PRICES_AS_OF = "2026-11-26";

/** List prices of us-east-1 without free tiers, USD. */
export const LIST_PRICES: Readonly<Record<Priced, number>> = {
  httpApiRequest: 1 / 1_000_000,
  lambdaRequest: 0.2 / 1_000_000,
  lambdaGigabyteSecond: 0.0000166667,
  sqsStandardRequest: 0.4 / 1_000_000,
  dynamodbWriteUnit: 0.625 / 1_000_000,
  dynamodbReadUnit: 0.125 / 1_000_000,
  eventBridgeEvent: 1 / 1_000_000,
  snsPublish: 0.5 / 1_000_000,
  logsGigabyte: 0.5,
  sqsFifoRequest: 0.5 / 1_000_000,
  sesEmail: 0.1 / 1_000,
  kmsRequest: 0.03 / 10_000,
  kmsKeyMonth: 1,
  alarmMonth: 0.1,
  customMetricMonth: 0.3,
};
