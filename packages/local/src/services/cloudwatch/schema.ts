/**
 * The tables of CloudWatch; times are milliseconds since the epoch. A row of cloudwatch_data is a metric's second or minute
 * (`resolution` 1 or 60) with its spread of values as JSON: null where all are equal, empty where nobody told. A row of
 * cloudwatch_action is a notification of an alarm that is still to be given.
 */
export const SCHEMA = `
CREATE TABLE IF NOT EXISTS cloudwatch_metric (
  id INTEGER PRIMARY KEY,
  namespace TEXT NOT NULL,
  name TEXT NOT NULL,
  dimensions TEXT NOT NULL,
  lastAt INTEGER NOT NULL,
  UNIQUE (namespace, name, dimensions)
);
CREATE TABLE IF NOT EXISTS cloudwatch_data (
  metricId INTEGER NOT NULL,
  resolution INTEGER NOT NULL,
  at INTEGER NOT NULL,
  unit TEXT NOT NULL,
  count REAL NOT NULL,
  sum REAL NOT NULL,
  minimum REAL NOT NULL,
  maximum REAL NOT NULL,
  spread TEXT,
  PRIMARY KEY (metricId, resolution, at, unit)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS cloudwatch_alarm (
  name TEXT PRIMARY KEY,
  definition TEXT NOT NULL,
  state TEXT NOT NULL,
  tags TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS cloudwatch_history (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  alarmName TEXT NOT NULL,
  alarmType TEXT NOT NULL,
  at INTEGER NOT NULL,
  type TEXT NOT NULL,
  summary TEXT NOT NULL,
  data TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS cloudwatch_history_at ON cloudwatch_history (at);
CREATE TABLE IF NOT EXISTS cloudwatch_action (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  alarmName TEXT NOT NULL,
  target TEXT NOT NULL,
  payload TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS cloudwatch_dashboard (
  name TEXT PRIMARY KEY,
  body TEXT NOT NULL,
  modifiedAt INTEGER NOT NULL
) WITHOUT ROWID;
`;
