/** What an audit entry's `action` says, by action; docs/reference/audit.md is made of it. */
export const AUDIT_ACTIONS: Readonly<Record<string, string>> = {
  "alert-sent": "The alert has reached its channels.",
  "alert-closed": "A group is over that is ignored: nobody is told.",
  "alert-kept-open": "A group is quiet, and its all-clear waits; `because` says for what.",
  alerted: "A person is to be told of a failure group, or told that it is over.",
  "approval-asked": "A person asked another one to approve what is about more messages than one may change alone.",
  "approval-done": "What was approved is done; `outcome` says what came of it, `approvedBy` who approved it.",
  "approval-expired": "Nobody approved it in time.",
  "approval-failed": "What was approved could not be done; `outcome` says why.",
  "approval-given": "Another person than who asked approved it.",
  "approval-refused": "Another person than who asked refused it; `reason` says why.",
  captured: "Deaths were recorded, and decided by the policy.",
  discarded: "A person gave messages up; `reason` says why.",
  edited: "A person changed a held message; `diff` says what.",
  "edited-sent": "A message was sent again after a person changed it.",
  "group-acknowledged": "Somebody knows of the group.",
  "group-ignored": "The group is kept quiet `until` a time or a number of deaths.",
  "group-resolved": "Somebody says that the group is over, as of a `version` where one is given.",
  healed: "Messages were sent again by the policy, or because a person asked.",
  "healing-armed": "A group's failure budget counts anew, and its messages are healed again.",
  held: "A healing or archived message is held: a person says so, or its group's failure budget is spent.",
  redriven: "Messages were sent again by the redrive `run`.",
  "redrive-cancelled": "A person ended the run.",
  "redrive-done": "The run has seen all of its messages to their end.",
  "redrive-paused": "A person paused the run.",
  "redrive-planned": "A part of the run's plan is written.",
  "redrive-running": "A person resumed the run.",
  "redrive-started": "A person started the run, with this `filter` and these `options`.",
  "redrive-stepped": "The run has sent messages or seen outcomes; the counts say how many.",
  "redrive-stopped": "The run stopped itself, because a message died again.",
  imported: "A person brought in dead letters of a queue that recovery did not watch.",
  "group-held": "A person held a message group behind a failed message of it.",
  "group-skipped":
    "A held message group was let go on without its failed message, by a person or at its limit; `reason` says why, `overtakes` how many that lets by.",
  released: "Messages that were set aside in a held message group were sent again.",
  repaired: "A registered `repair` changed a held message; `diff` says what.",
  "replay-cancelled": "As of a redrive.",
  "replay-done": "As of a redrive.",
  "replay-paused": "As of a redrive.",
  "replay-planned": "As of a redrive.",
  "replay-running": "As of a redrive.",
  "replay-started": "As of a redrive.",
  "replay-stepped": "As of a redrive.",
  "replay-stopped": "As of a redrive.",
  replayed: "Archived messages were sent again by the replay `run`.",
  resolved: "Messages that were sent again were processed; `resolvedBy` says how that is known.",
  "send-asked": "A person asked for held messages to be sent; a wake-up sends them.",
};

/** The reference of the audit's actions, as Markdown. */
export function auditReference(): string {
  const rows = Object.keys(AUDIT_ACTIONS)
    .toSorted()
    .map((action) => `| \`${action}\` | ${AUDIT_ACTIONS[action]} |`);
  return `${HEAD}${rows.join("\n")}\n`;
}

const HEAD = `# The audit's actions

Each step of recovery is one entry in its queue's chain: who (a person, or \`reliq\`), when, on which messages, groups or run, and
one of these actions. Entries are only ever added, and each holds the hash of the one before. \`npm run reference\` writes this page.

| Action | What was done |
|---|---|
`;
