/**
 * The tables of the SNS service; times are milliseconds since the epoch. A row of sns_delivery is a message that a subscription has
 * still to get; in a lane, which is a FIFO group, only the first row goes out. The number of a row of sns_deduplication is the
 * message's sequence number and never returns. sns_outbox holds what would have left the machine.
 */
export const SCHEMA = `
CREATE TABLE IF NOT EXISTS sns_topic (
  name TEXT PRIMARY KEY,
  fifo INTEGER NOT NULL,
  attributes TEXT NOT NULL,
  tags TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sns_subscription (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  arn TEXT NOT NULL UNIQUE,
  topicName TEXT NOT NULL,
  protocol TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  attributes TEXT NOT NULL,
  token TEXT NOT NULL,
  confirmed INTEGER NOT NULL,
  createdAt INTEGER NOT NULL,
  owner TEXT,
  UNIQUE (topicName, protocol, endpoint)
);
CREATE TABLE IF NOT EXISTS sns_delivery (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  subscriptionId INTEGER NOT NULL,
  lane TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,
  dueAt INTEGER NOT NULL,
  notification TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS sns_delivery_due ON sns_delivery (subscriptionId, dueAt);
CREATE INDEX IF NOT EXISTS sns_delivery_order ON sns_delivery (subscriptionId, seq);
CREATE INDEX IF NOT EXISTS sns_delivery_lane ON sns_delivery (subscriptionId, lane, seq) WHERE lane IS NOT NULL;
CREATE TABLE IF NOT EXISTS sns_deduplication (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  topicName TEXT NOT NULL,
  scope TEXT NOT NULL,
  deduplicationId TEXT NOT NULL,
  messageId TEXT NOT NULL,
  endsAt INTEGER NOT NULL,
  UNIQUE (topicName, scope, deduplicationId)
);
CREATE INDEX IF NOT EXISTS sns_deduplication_ends ON sns_deduplication (endsAt);
CREATE TABLE IF NOT EXISTS sns_outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  recipient TEXT NOT NULL,
  subject TEXT,
  body TEXT NOT NULL,
  topicArn TEXT,
  messageId TEXT NOT NULL,
  sentAt INTEGER NOT NULL
);
`;
