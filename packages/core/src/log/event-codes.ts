/** What an event code of the log says. */
export interface EventCode {
  readonly level: "error" | "info" | "warn";
  readonly meaning: string;
  /** It is about one message: it has `queue`, `messageId`, `lineage`, and where its producer gave one, `correlationId`. */
  readonly ofMessage?: true;
  /** Its fields beside these. */
  readonly fields: readonly string[];
}

/** Every event that Reliq's own code logs, by its code; docs/reference/events.md is made of it. */
export const EVENT_CODES: Readonly<Record<string, EventCode>> = {
  "account-unavailable": {
    level: "warn",
    meaning: "What the queues have seen could not be read. The next sweep tries again.",
    fields: ["error"],
  },
  "account-unbalanced": {
    level: "error",
    meaning:
      "A queue at rest does not balance: what is `wrong`; by metrics, which of it is `approximate`, and what they say `lately`.",
    fields: ["queue", "account", "wrong", "approximate", "lately"],
  },
  "alert-channel-failed": {
    level: "error",
    meaning: "One of several channels did not take an alert.",
    fields: ["group", "kind", "error"],
  },
  "api-failed": {
    level: "error",
    meaning:
      "A request to recovery's API, or to the console's on AWS, failed for no fault of its own. Its caller was told the request id.",
    fields: ["requestId", "path", "error"],
  },
  "attempt-failed": {
    level: "error",
    meaning: "One attempt failed; `final`: its next stop is the dead-letter queue.",
    ofMessage: true,
    fields: ["consumer", "receiveCount", "final", "category", "errorName", "message"],
  },
  "claims-unavailable": {
    level: "error",
    meaning: "The claims of a batch could not be made. Its messages are deferred.",
    fields: ["consumer", "messageIds", "error"],
  },
  "completion-unavailable": {
    level: "error",
    meaning: "An effect is done, and its completion could not be written. The message is deleted all the same.",
    ofMessage: true,
    fields: ["consumer", "key", "error"],
  },
  "dead-letter-unknown": {
    level: "error",
    meaning: "A dead letter of a queue that recovery does not serve. It stays in its dead-letter queue.",
    ofMessage: true,
    fields: ["error"],
  },
  "delete-failed": {
    level: "error",
    meaning: "A processed message could not be deleted. It comes again, as a duplicate.",
    ofMessage: true,
    fields: ["error"],
  },
  "fail-fast-unavailable": {
    level: "error",
    meaning: "The copy for the dead-letter queue could not be sent. The message stays on its queue.",
    ofMessage: true,
    fields: ["consumer", "error"],
  },
  "group-held": {
    level: "warn",
    meaning: "A message failed for good, and its group is held behind it: `behind` is its lineage.",
    fields: ["consumer", "queue", "group", "behind"],
  },
  "heartbeat-failed": {
    level: "warn",
    meaning: "A batch's visibility, or the leases of its claims, could not be extended. The next beat tries again.",
    fields: ["queueUrl", "error"],
  },
  "journal-unavailable": {
    level: "error",
    meaning: "The journal could not be written; `entry` is what it should have.",
    ofMessage: true,
    fields: ["consumer", "entry", "error"],
  },
  "load-unknown": {
    level: "warn",
    meaning: "How a queue and its consumer are doing could not be read. A run goes by what the journal says alone.",
    fields: ["queue", "error"],
  },
  "mark-unavailable": {
    level: "warn",
    meaning:
      "Messages that recovery had sent again are processed, and that could not be marked. Recovery takes them for still on their way.",
    fields: ["consumer", "messageIds", "error"],
  },
  "message-deferred": {
    level: "info",
    meaning:
      "A message goes back without having failed: its `cause`, and where known `behind` which message, and `why`.",
    ofMessage: true,
    fields: ["consumer", "receiveCount", "cause", "behind", "why"],
  },
  "outbox-stuck": {
    level: "error",
    meaning: "A record of an outbox's stream could not be sent. The stream comes back with it.",
    fields: ["eventID", "error"],
  },
  "quarantine-unavailable": {
    level: "error",
    meaning: "Whether groups are held could not be read or written. Their messages are deferred, and none fails fast.",
    fields: ["consumer", "messageIds", "error"],
  },
  "receive-failed": {
    level: "error",
    meaning: "A worker's receive failed. It waits and tries again.",
    fields: ["queueUrl", "error"],
  },
  "remedy-applied": {
    level: "warn",
    meaning: "A remedy has changed a setting, and why. It goes back when the problem is over.",
    fields: ["remedy", "kind", "from", "to", "why"],
  },
  "remedy-failed": {
    level: "error",
    meaning: "A remedy could not look or act. The next run tries again.",
    fields: ["remedy", "error"],
  },
  "remedy-proposed": {
    level: "info",
    meaning: "What a remedy would do, were remedies enabled.",
    fields: ["remedy", "kind", "from", "to", "why"],
  },
  "remedy-reverted": {
    level: "warn",
    meaning: "A remedy has set a setting back to what it was.",
    fields: ["remedy", "kind", "from", "to", "why"],
  },
  "reports-unavailable": {
    level: "warn",
    meaning: "What a function's host reports could not be read. The death is captured without it.",
    ofMessage: true,
    fields: ["error"],
  },
  "result-not-kept": {
    level: "warn",
    meaning: "What the handler returned cannot be kept as a result, and why.",
    ofMessage: true,
    fields: ["consumer", "error"],
  },
  "visibility-unavailable": {
    level: "warn",
    meaning: "When messages come back could not be said. They come back by the visibility timeout.",
    fields: ["consumer", "messageIds", "error"],
  },
  "waiting-unknown": {
    level: "warn",
    meaning: "How much waits in dead-letter queues and held could not be read for the metric.",
    fields: ["error"],
  },
  "wake-up-failed": {
    level: "error",
    meaning: "What recovery was reminded of could not be done. The reminder comes again.",
    fields: ["wakeUp", "error"],
  },
};

const HEAD = `# The events of the log

Each line that Reliq logs is one JSON object: \`time\` (ISO 8601), \`level\` (\`error\`, \`warn\`, \`info\`; \`LOG_LEVEL\` says the least urgent that is
written), \`event\`, which is one of these codes, and its fields. A line about one message has \`queue\`, \`messageId\`, \`lineage\` (the message's first id,
which stays when it is sent again), and \`correlationId\` where its producer gave the attribute \`correlation_id\` or \`correlationId\`; so does what a
handler logs by \`context.log({ event, … })\`. Values of personal fields are in none of them. \`npm run reference\` writes this page.

| Event | Level | It says | Fields | Logged in |
|---|---|---|---|---|
`;

const OF_APPS = `
## What the apps log beside these

| Event | Level | It says | Fields | Logged in |
|---|---|---|---|---|
`;

type Files = ReadonlyMap<string, readonly string[]>;

/** Events of apps, and the files that log them, by code. */
export interface AppEvents {
  readonly codes: Readonly<Record<string, EventCode>>;
  readonly files: Files;
}

/** The reference of the log's events, as Markdown. @param files where each is logged, by its code */
export function eventReference(files: Files, apps: AppEvents): string {
  return `${HEAD}${rowsOf(EVENT_CODES, files)}${OF_APPS}${rowsOf(apps.codes, apps.files)}`;
}

function rowsOf(codes: AppEvents["codes"], files: Files): string {
  const all = Object.keys(codes).toSorted();
  return all.map((code) => `${rowOf(code, codes[code], files.get(code) ?? [])}\n`).join("");
}

function rowOf(code: string, event: EventCode | undefined, files: readonly string[]): string {
  const { level, meaning, ofMessage, fields } = event ?? { level: "", meaning: "", fields: [] };
  const named = fields.map((field) => `\`${field}\``);
  const all = [...(ofMessage ? ["the message's"] : []), ...named].join(", ");
  const where = files.map((file) => `\`${file}\``).join(", ");
  return `| \`${code}\` | ${level} | ${meaning} | ${all} | ${where} |`;
}
