/**
 * What the service keeps in the state file. Items are stored once; an index entry points to its item.
 * A scan is in the order of the key columns, and so is each query. A change for a peer stays until that peer has it; `goes_on`: the next one belongs to the same transaction.
 */
export const SCHEMA: string = `
CREATE TABLE IF NOT EXISTS dynamodb_table (
  name TEXT PRIMARY KEY, id INTEGER NOT NULL, definition TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS dynamodb_table_id ON dynamodb_table (id);
CREATE TABLE IF NOT EXISTS dynamodb_sequence (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS dynamodb_size (
  table_id INTEGER PRIMARY KEY, items INTEGER NOT NULL, bytes INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS dynamodb_item (
  table_id INTEGER NOT NULL, hash BLOB NOT NULL, range BLOB NOT NULL,
  bytes INTEGER NOT NULL, expires_at_seconds INTEGER, item TEXT NOT NULL,
  PRIMARY KEY (table_id, hash, range)
) STRICT;
CREATE INDEX IF NOT EXISTS dynamodb_item_expiry ON dynamodb_item (expires_at_seconds)
  WHERE expires_at_seconds IS NOT NULL;
CREATE TABLE IF NOT EXISTS dynamodb_index_entry (
  table_id INTEGER NOT NULL, index_name TEXT NOT NULL, hash BLOB NOT NULL, range BLOB NOT NULL,
  item_hash BLOB NOT NULL, item_range BLOB NOT NULL,
  PRIMARY KEY (table_id, index_name, hash, range, item_hash, item_range)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS dynamodb_stream (
  id INTEGER PRIMARY KEY AUTOINCREMENT, arn TEXT NOT NULL UNIQUE, table_name TEXT NOT NULL, label TEXT NOT NULL,
  view_type TEXT NOT NULL, key_schema TEXT NOT NULL, created_at_ms INTEGER NOT NULL, first_sequence INTEGER NOT NULL,
  last_sequence INTEGER, closed_at_ms INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS dynamodb_stream_table ON dynamodb_stream (table_name);
CREATE TABLE IF NOT EXISTS dynamodb_stream_record (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT, stream_id INTEGER NOT NULL, created_at_ms INTEGER NOT NULL,
  record TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS dynamodb_stream_record_order ON dynamodb_stream_record (stream_id, sequence);
CREATE INDEX IF NOT EXISTS dynamodb_stream_record_age ON dynamodb_stream_record (created_at_ms);
CREATE TABLE IF NOT EXISTS dynamodb_replica_stamp (
  table_id INTEGER NOT NULL, hash BLOB NOT NULL, range BLOB NOT NULL, at_ms INTEGER NOT NULL, region TEXT NOT NULL,
  PRIMARY KEY (table_id, hash, range)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS dynamodb_replica_change (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT, peer TEXT NOT NULL, table_name TEXT NOT NULL, kind TEXT NOT NULL,
  goes_on INTEGER NOT NULL, change TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS dynamodb_replica_change_order ON dynamodb_replica_change (peer, sequence);
CREATE TABLE IF NOT EXISTS dynamodb_request_token (
  token TEXT PRIMARY KEY, request TEXT NOT NULL, expires_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS dynamodb_request_token_expiry ON dynamodb_request_token (expires_at_ms);
`;
