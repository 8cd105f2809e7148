/**
 * The tables of the Lambda service; times are milliseconds since the epoch. A row of lambda_invocation without an outcome is
 * under way, or was when the region died. A row of lambda_event is an asynchronous invocation that is not over. A row of
 * lambda_stream_checkpoint says up to which record of a shard a mapping has settled all; without a number, none that is kept.
 */
export const SCHEMA = `
CREATE TABLE IF NOT EXISTS lambda_function (
  name TEXT PRIMARY KEY,
  record TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS lambda_invoke_config (
  functionName TEXT PRIMARY KEY,
  config TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS lambda_mapping (
  uuid TEXT PRIMARY KEY,
  mapping TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS lambda_stream_checkpoint (
  mappingUuid TEXT NOT NULL,
  shardId TEXT NOT NULL,
  lane INTEGER NOT NULL,
  sequenceNumber TEXT,
  PRIMARY KEY (mappingUuid, shardId, lane)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS lambda_invocation (
  id INTEGER PRIMARY KEY,
  requestId TEXT NOT NULL,
  functionName TEXT NOT NULL,
  startedAt INTEGER NOT NULL,
  endedAt INTEGER,
  outcome TEXT,
  error TEXT,
  logStream TEXT,
  messageIds TEXT
);
CREATE INDEX IF NOT EXISTS lambda_invocation_started ON lambda_invocation (startedAt);
CREATE TABLE IF NOT EXISTS lambda_failed_message (
  messageId TEXT NOT NULL,
  invocationId INTEGER NOT NULL,
  PRIMARY KEY (messageId, invocationId)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS lambda_failed_message_invocation ON lambda_failed_message (invocationId);
CREATE TABLE IF NOT EXISTS lambda_event (
  requestId TEXT PRIMARY KEY,
  functionName TEXT NOT NULL,
  payload TEXT NOT NULL,
  traceId TEXT,
  acceptedAt INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  throttles INTEGER NOT NULL DEFAULT 0,
  dueAt INTEGER NOT NULL
) WITHOUT ROWID;
`;
