/**
 * The tables of the S3 service; times are milliseconds since the epoch. `description` holds what HeadObject answers, by member.
 * A body lies in its row, or in the files that `blobs` lists in order (`[{"id", "bytes"}]`): a small one in its row, because
 * one row is written in the commit that the request waits for anyway, and a file of its own costs a create, a close and an unlink.
 * `s3_event` holds the notifications that are still to be delivered.
 */
export const SCHEMA = `
CREATE TABLE IF NOT EXISTS s3_bucket (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  createdAt INTEGER NOT NULL,
  settings TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS s3_object (
  bucketId INTEGER NOT NULL,
  key TEXT NOT NULL,
  etag TEXT NOT NULL,
  sizeBytes INTEGER NOT NULL,
  modifiedAt INTEGER NOT NULL,
  description TEXT NOT NULL,
  blobs TEXT NOT NULL,
  body BLOB,
  PRIMARY KEY (bucketId, key)
);
CREATE TABLE IF NOT EXISTS s3_upload (
  id TEXT PRIMARY KEY,
  bucketId INTEGER NOT NULL,
  key TEXT NOT NULL,
  startedAt INTEGER NOT NULL,
  description TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS s3_upload_key ON s3_upload (bucketId, key, id);
CREATE TABLE IF NOT EXISTS s3_part (
  uploadId TEXT NOT NULL,
  number INTEGER NOT NULL,
  etag TEXT NOT NULL,
  sizeBytes INTEGER NOT NULL,
  modifiedAt INTEGER NOT NULL,
  checksum TEXT NOT NULL,
  blob TEXT NOT NULL,
  PRIMARY KEY (uploadId, number)
);
CREATE TABLE IF NOT EXISTS s3_event (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  targetArn TEXT NOT NULL,
  message TEXT NOT NULL
);
`;
