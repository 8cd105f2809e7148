/**
 * The tables of the SQS service. A message is in flight while `visibleAt` is ahead and `receivedAt` is set, delayed while
 * `visibleAt` is ahead and it is not; times are milliseconds since the epoch. `seq` never returns, so that a receipt handle
 * or a sequence number never means another message. A row of sqs_group is a FIFO group that has messages; one of sqs_end a message
 * that is gone.
 */
export const SCHEMA = `
CREATE TABLE IF NOT EXISTS sqs_queue (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  fifo INTEGER NOT NULL,
  createdAt INTEGER NOT NULL,
  modifiedAt INTEGER NOT NULL,
  purgedAt INTEGER NOT NULL DEFAULT 0,
  accepted INTEGER NOT NULL DEFAULT 0,
  deleted INTEGER NOT NULL DEFAULT 0,
  purged INTEGER NOT NULL DEFAULT 0,
  expired INTEGER NOT NULL DEFAULT 0,
  movedIn INTEGER NOT NULL DEFAULT 0,
  movedOut INTEGER NOT NULL DEFAULT 0,
  attributes TEXT NOT NULL,
  tags TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS sqs_message (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  queueId INTEGER NOT NULL,
  visibleAt INTEGER NOT NULL,
  receiveCount INTEGER NOT NULL DEFAULT 0,
  receivedAt INTEGER,
  firstReceivedAt INTEGER,
  enqueuedAt INTEGER NOT NULL,
  sentAt INTEGER NOT NULL,
  messageId TEXT NOT NULL,
  groupId TEXT,
  deduplicationId TEXT,
  deadLetterSource TEXT,
  traceHeader TEXT,
  bodyMd5 TEXT NOT NULL,
  attributes TEXT,
  body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS sqs_message_visible ON sqs_message (queueId, visibleAt);
CREATE INDEX IF NOT EXISTS sqs_message_enqueued ON sqs_message (queueId, enqueuedAt);
CREATE INDEX IF NOT EXISTS sqs_message_group ON sqs_message (queueId, groupId, seq) WHERE groupId IS NOT NULL;
CREATE TABLE IF NOT EXISTS sqs_group (
  queueId INTEGER NOT NULL,
  groupId TEXT NOT NULL,
  readyAt INTEGER NOT NULL,
  headSeq INTEGER NOT NULL,
  PRIMARY KEY (queueId, groupId)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sqs_group_ready ON sqs_group (queueId, readyAt, headSeq);
CREATE TABLE IF NOT EXISTS sqs_deduplication (
  queueId INTEGER NOT NULL,
  scope TEXT NOT NULL,
  deduplicationId TEXT NOT NULL,
  messageId TEXT NOT NULL,
  seq INTEGER NOT NULL,
  endsAt INTEGER NOT NULL,
  PRIMARY KEY (queueId, scope, deduplicationId)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sqs_deduplication_ends ON sqs_deduplication (endsAt);
CREATE TABLE IF NOT EXISTS sqs_end (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  queueId INTEGER NOT NULL,
  kind TEXT NOT NULL,
  endedAt INTEGER NOT NULL,
  messageId TEXT NOT NULL,
  deadLetterSource TEXT,
  attributes TEXT
);
CREATE INDEX IF NOT EXISTS sqs_end_queue ON sqs_end (queueId, id);
CREATE TABLE IF NOT EXISTS sqs_move_task (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  source TEXT NOT NULL,
  destination TEXT,
  ratePerSecond INTEGER,
  startedAt INTEGER NOT NULL,
  lastSeq INTEGER NOT NULL,
  status TEXT NOT NULL,
  moved INTEGER NOT NULL DEFAULT 0,
  toMove INTEGER NOT NULL,
  failure TEXT
);
`;
