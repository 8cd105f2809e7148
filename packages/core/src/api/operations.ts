import { CATEGORY_TRAITS } from "../classify/category.ts";
import { type Field, type Fields, FLAG, needed, object, oneOf, TIME, text, texts, whole } from "./fields.ts";
import type { ApiRequests } from "./requests.ts";

/** Who may do what: each role may do what those before it may. */
export const ROLES = ["viewer", "operator", "approver"] as const;

/** What a caller is allowed. */
export type Role = (typeof ROLES)[number];

/** Who sees the values of personal fields: for the roles before it they are masked. */
export const SEES_PERSONAL: Role = "approver";

/** One operation of recovery's API. */
export interface Operation {
  readonly method: "GET" | "POST";
  /** Its last variable can hold slashes. */
  readonly path: string;
  readonly role: Role;
  /** Whether it changes something: it is audited under the caller's name. */
  readonly writes: boolean;
  /** Of the query of a GET, of the JSON body of a POST. */
  readonly fields: Fields;
  /** One sentence. */
  readonly says: string;
}

const QUEUE = text(80);
const ID = text(1_000);
const IDS = needed(texts(100));
const CAUSES = [
  "crashed",
  "skipped-behind-sibling",
  "threw",
  "throttled-never-ran",
  "timed-out",
  "unknown",
  "visibility-expired",
];

/** The parts of a filter of failures. */
const FILTER = {
  category: oneOf(Object.keys(CATEGORY_TRAITS)),
  cause: oneOf(CAUSES),
  fingerprint: text(200),
  errorName: text(200),
  messageGroup: text(128),
  fromMs: TIME,
  toMs: TIME,
};

const PAGE = { limit: whole(1, 1_000), after: text(5_000) };
const GROUP = { group: needed(ID) };
const RUN = {
  filter: needed(
    object(
      "a filter with the name of one `queue`: { queue, category, cause, fingerprint, errorName, messageGroup, fromMs, toMs }",
    ),
  ),
  options: object("{ maxMessages, ratePerSecond, jitterSeconds, minAgeSeconds, maxHeals, maxQueueAgeSeconds, ramp }"),
};
const POLICY = object("a policy: { rules: [ { name, when, then } ] }");
const REPAIR = {
  repair: needed(text(200)),
  group: ID,
  failures: texts(100),
  filter: object("a filter: { queue, category, cause, fingerprint, errorName, messageGroup, fromMs, toMs }"),
};

/** Every operation of recovery's API: what the handler serves, the command line calls, and the reference lists. */
export const OPERATIONS: Readonly<Record<OperationName, Operation>> = {
  "list-failures": read(
    "/failures",
    {
      queue: QUEUE,
      state: oneOf(["held", "healing", "requeued", "resolved", "archived", "discarded"]),
      ...FILTER,
      ...PAGE,
      whole: FLAG,
    },
    "Lists failed messages, newest first; with `whole` the whole records, at most 100 a page.",
  ),
  "get-failure": read(
    "/failures/{failure}",
    { whole: FLAG },
    "Gives a failed message with its content and its attempts from the journal; a body over 65,536 characters is cut unless `whole`.",
  ),
  "heal-failures": write("/failures/heal", { failures: IDS }, "Sends held messages to their queue now, as heals."),
  "hold-failures": write("/failures/hold", { failures: IDS }, "Keeps healing or archived messages for a person."),
  "discard-failures": approve(
    "/failures/discard",
    { failures: IDS, reason: needed(text(1_000)) },
    "Gives messages up for a reason.",
  ),
  "edit-failure": write(
    "/failures/edit",
    {
      failure: needed(ID),
      body: text(1_048_576),
      attributes: object("attributes by name: { dataType, stringValue } or { dataType, binaryValue: { base64 } }"),
      version: whole(1, Number.MAX_SAFE_INTEGER),
      send: FLAG,
    },
    "Changes the body or the attributes of a held message, checked against its consumer's schema.",
  ),
  "import-failures": write(
    "/failures/import",
    {
      queue: needed(QUEUE),
      messages: needed(
        object(
          "messages by number, at most 10: { messageId, body, attributes, receiveCount, sentAtMs, groupId, sequenceNumber }",
        ),
      ),
    },
    "Captures dead letters of a queue that Reliq did not create; each is held, whatever the policy says.",
  ),
  "list-groups": read(
    "/groups",
    { queue: QUEUE, state: oneOf(["open", "acknowledged", "resolved", "regressed", "ignored"]), ...PAGE },
    "Lists failure groups, the one seen last first.",
  ),
  "get-group": read(
    "/groups/{group}",
    { fromMs: TIME, toMs: TIME },
    "Gives a failure group and its deaths by hour, of the last 48 hours unless times are given.",
  ),
  "acknowledge-group": write("/groups/acknowledge", GROUP, "Says that somebody knows of a failure group."),
  "resolve-group": write(
    "/groups/resolve",
    { ...GROUP, version: text(100) },
    "Says that a failure group is over; with a version, deaths in older versions do not bring it back.",
  ),
  "ignore-group": write(
    "/groups/ignore",
    { ...GROUP, untilMs: TIME, deaths: whole(1, Number.MAX_SAFE_INTEGER) },
    "Keeps a failure group quiet until a time or a number of deaths, whichever comes first.",
  ),
  "arm-group": write(
    "/groups/arm",
    GROUP,
    "Heals a failure group's messages again after its failure budget was spent.",
  ),
  "list-quarantines": read(
    "/quarantines",
    { queue: needed(QUEUE) },
    "Lists a queue's message groups that are held or releasing, the longest held first.",
  ),
  "get-quarantine": read(
    "/quarantines/{quarantine}",
    {},
    "Gives a message group, `<queue>:<group>`: the failed message that it waits for, how many messages wait, and the first 100.",
  ),
  "release-quarantine": write(
    "/quarantines/release",
    { quarantine: needed(ID) },
    "Looks at a held group now: it goes on if its failed message is over.",
  ),
  "skip-quarantine": approve(
    "/quarantines/skip",
    { quarantine: needed(ID), reason: needed(text(1_000)) },
    "Lets a held group go on without its failed message, for a reason; `behind` of the answer says how many that lets by.",
  ),
  "start-quarantine": write(
    "/quarantines/start",
    { failure: needed(ID) },
    "Holds a message group behind a failed message of it.",
  ),
  "get-policy": read("/policy", {}, "Gives the policy in force, and the names of the registered repairs."),
  "check-policy": ask("/policy/check", { policy: needed(POLICY) }, "Says what is wrong in a policy."),
  "explain-policy": ask(
    "/policy/explain",
    { failure: needed(ID), policy: POLICY },
    "Says rule by rule what the policy in force, or a given one, makes of a failed message as it died last.",
  ),
  "backtest-policy": ask(
    "/policy/backtest",
    { policy: needed(POLICY), queue: QUEUE, ...FILTER, limit: whole(1, 10_000) },
    "Runs a candidate policy on stored history and reports what would change.",
  ),
  "preview-repair": ask(
    "/repairs/preview",
    REPAIR,
    "Says what a registered repair would make of held messages: of a `group`, of some `failures`, or of what a `filter` finds.",
  ),
  "apply-repair": write(
    "/repairs/apply",
    { ...REPAIR, send: FLAG },
    "Repairs held messages, and with `send` sends them to their queue.",
  ),
  "plan-redrive": ask(
    "/redrives/plan",
    RUN,
    "Says what a redrive of a queue's held messages would do, message by message.",
  ),
  "start-redrive": write("/redrives", RUN, "Starts a redrive of a queue's held messages."),
  "plan-replay": ask(
    "/replays/plan",
    RUN,
    "Says what a replay of a queue's archived messages would do, message by message.",
  ),
  "start-replay": write("/replays", RUN, "Starts a replay of a queue's archived messages."),
  "list-runs": read("/runs", PAGE, "Lists redrives and replays, newest first."),
  "get-run": read(
    "/runs/{run}",
    { from: whole(0, 1_000_000) },
    "Gives a run, and up to 100 entries of its plan from a position on.",
  ),
  "pause-run": write("/runs/pause", { run: needed(ID) }, "Lets a run send nothing more until it is resumed."),
  "resume-run": write("/runs/resume", { run: needed(ID) }, "Lets a paused run go on."),
  "cancel-run": write("/runs/cancel", { run: needed(ID) }, "Ends a run; what is left stays where it is."),
  "list-approvals": read(
    "/approvals",
    { state: oneOf(["pending", "approved", "done", "failed", "refused", "expired"]), ...PAGE },
    "Lists what was asked for and another person has to approve, newest first.",
  ),
  "get-approval": read("/approvals/{approval}", {}, "Gives one: who asked for what, who decided, and what came of it."),
  "approve-approval": approve(
    "/approvals/approve",
    { approval: needed(ID) },
    "Approves what another person asked for, and does it; never what the caller asked for.",
  ),
  "refuse-approval": approve(
    "/approvals/refuse",
    { approval: needed(ID), reason: needed(text(1_000)) },
    "Refuses what another person asked for, for a reason.",
  ),
  "get-caller": read("/caller", {}, "Says who the caller is here: the name that the audit keeps, and the role."),
  "get-totals": read("/account", {}, "Gives the number of failed messages by queue and state."),
  "get-ledger": read(
    "/account/ledger",
    { queue: needed(QUEUE), fromMs: TIME, toMs: TIME },
    "Says where the messages are that a queue's producers entered in a time, by default the last 24 hours, and names those that nobody processed and nobody keeps.",
  ),
  "list-audit": read(
    "/audit",
    { chain: needed(QUEUE), from: whole(1, Number.MAX_SAFE_INTEGER) },
    "Lists up to 100 entries of a queue's audit from a sequence number on.",
  ),
  "audit-order": read(
    "/audit/order",
    { queue: needed(QUEUE) },
    "Checks from the recorded history of a FIFO queue that its groups' effects happened in sequence.",
  ),
  "list-chains": read("/audit/chains", {}, "Lists the queues that have an audit, and each chain's head."),
  "verify-audit": read(
    "/audit/verify",
    { chain: QUEUE },
    "Checks a chain of the audit, or all, from the first entry to the head.",
  ),
};

/** Names an operation. */
export type OperationName = keyof ApiRequests;

function read(path: string, fields: Readonly<Record<string, Field>>, says: string): Operation {
  return { method: "GET", path, role: "viewer", writes: false, fields, says };
}

/** A question that is too large for a query. */
function ask(path: string, fields: Readonly<Record<string, Field>>, says: string): Operation {
  return { method: "POST", path, role: "viewer", writes: false, fields, says };
}

function write(path: string, fields: Readonly<Record<string, Field>>, says: string): Operation {
  return { method: "POST", path, role: "operator", writes: true, fields, says };
}

function approve(path: string, fields: Readonly<Record<string, Field>>, says: string): Operation {
  return { ...write(path, fields, says), role: "approver" };
}
