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

/** The day on which the prices were looked up, in copies of AWS's price list and in articles that quote its pages, of December 2025 to July 2026. */
export const PRICES_AS_OF = "2026-11-27";

/** List prices of us-east-1 without free tiers, USD. */
export const LIST_PRICES: Readonly<Record<Priced, number>> = {
  httpApiRequest: 1 / 1_000_000,
  lambdaRequest: 0.2 / 1_000_000,
  lambdaGigabyteSecond: 0.0000166667,
  // Of up to 64 KB each: nothing here is larger.
  sqsStandardRequest: 0.4 / 1_000_000,
  sqsFifoRequest: 0.5 / 1_000_000,
  // On demand, since they were halved in November 2024.
  dynamodbWriteUnit: 0.625 / 1_000_000,
  dynamodbReadUnit: 0.125 / 1_000_000,
  eventBridgeEvent: 1 / 1_000_000,
  snsPublish: 0.5 / 1_000_000,
  // The plan that accounts have which began with SES after 21 July 2026, Essentials; for those before it is 0.10, à la carte.
  sesEmail: 0.16 / 1_000,
  kmsRequest: 0.03 / 10_000,
  kmsKeyMonth: 1,
  logsGigabyte: 0.5,
  alarmMonth: 0.1,
  customMetricMonth: 0.3,
};
