/** For each alarm of apps/event-ingestion, by a part of its name that no other one has, the game days in which it has to fire and to clear. */
export const ALARM_DAYS: Readonly<Record<string, readonly string[]>> = {
  "events-backlog": ["stopped-consumers"],
  "events-oldest-message": ["stopped-consumers"],
  "ingest-errors": ["store-outage"],
  "worker-errors": ["worker-kill"],
  "ingest-throttles": ["no-concurrency"],
  "worker-throttles": ["no-concurrency"],
  "redrive-throttles": ["no-concurrency"],
  "ingest-duration": ["store-outage"],
  "worker-duration": ["store-outage"],
  "redrive-duration": ["store-outage"],
  "api-server-errors": ["no-concurrency", "store-outage"],
  "api-latency": ["store-outage"],
  "stores-unavailable": ["store-outage"],
  "account-unbalanced": ["saved-letter"],
  DeadLetterAlarm: ["stopped-consumers"],
  HeldAlarm: ["poison-flood", "saved-letter", "schema-evolution", "stopped-consumers"],
  HealingErrorsAlarm: ["store-outage"],
  FunctionErrorsAlarm: ["store-outage"],
};

/** The alarms that have to fire in a game day, and to clear. */
export function alarmsOf(gameDay: string): readonly string[] {
  return Object.keys(ALARM_DAYS).filter((alarm) => ALARM_DAYS[alarm]?.includes(gameDay));
}
