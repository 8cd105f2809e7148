/**
 * The tables of the collector; times are milliseconds since the epoch. A segment without an end is in progress, or was when what made
 * it died. A row of xray_annotation finds a trace by a value; `atMs` is the trace's start.
 */
export const SCHEMA = `
CREATE TABLE IF NOT EXISTS xray_trace (
  traceId TEXT PRIMARY KEY,
  startMs INTEGER NOT NULL,
  endMs INTEGER,
  storedAt INTEGER NOT NULL,
  fault INTEGER NOT NULL DEFAULT 0,
  error INTEGER NOT NULL DEFAULT 0,
  throttle INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS xray_trace_start ON xray_trace (startMs);
CREATE TABLE IF NOT EXISTS xray_segment (
  traceId TEXT NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  endMs INTEGER,
  document TEXT NOT NULL,
  PRIMARY KEY (traceId, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS xray_annotation (
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  traceId TEXT NOT NULL,
  PRIMARY KEY (name, value, traceId)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS xray_annotation_trace ON xray_annotation (traceId);
`;
