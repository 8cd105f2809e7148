/** The tables of the log store; times are milliseconds since the epoch. */
export const SCHEMA = `
CREATE TABLE IF NOT EXISTS logs_group (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  createdAt INTEGER NOT NULL,
  retentionDays INTEGER
);
CREATE TABLE IF NOT EXISTS logs_stream (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  groupId INTEGER NOT NULL,
  name TEXT NOT NULL,
  createdAt INTEGER NOT NULL,
  firstEventAt INTEGER,
  lastEventAt INTEGER,
  lastIngestedAt INTEGER,
  UNIQUE (groupId, name)
);
CREATE TABLE IF NOT EXISTS logs_event (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  groupId INTEGER NOT NULL,
  streamId INTEGER NOT NULL,
  at INTEGER NOT NULL,
  ingestedAt INTEGER NOT NULL,
  message TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS logs_metric_filter (
  groupId INTEGER NOT NULL,
  name TEXT NOT NULL,
  pattern TEXT NOT NULL,
  transformation TEXT NOT NULL,
  createdAt INTEGER NOT NULL,
  PRIMARY KEY (groupId, name)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS logs_query_definition (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  query TEXT NOT NULL,
  groupNames TEXT NOT NULL,
  modifiedAt INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS logs_event_at ON logs_event (groupId, at);
`;
