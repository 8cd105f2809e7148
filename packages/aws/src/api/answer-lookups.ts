import { ReliqError } from "@reliq/core";
import {
  type ApiAnswers,
  type ApiRequests,
  describeQuarantine,
  type FailureFilter,
  type FailureGroup,
  ledgerAccount,
  maskContent,
  maskFailure,
  maskingFor,
  maskingOf,
  personalNamesIn,
  type QuarantineDetail,
  type Repair,
  type RepairScope,
  readInput,
  redactText,
  releaseGroup,
} from "@reliq/core/recovery";
import { rulesOf } from "../recovery/rules-of.ts";
import type { ApiCall } from "./answers.ts";

/** The hours that a group is shown for where none are asked for, milliseconds. */
const SHOWN_MS = 48 * 3_600_000;

/** A group, and its deaths by hour. @throws ReliqError `group-unknown` */
export async function getGroup(
  { group, fromMs, toMs }: ApiRequests["get-group"],
  call: ApiCall,
): Promise<ApiAnswers["get-group"]> {
  const { ports } = call.options;
  const [record] = await ports.store.groups([group]);
  const known = found("group", group, record);
  const end = toMs ?? ports.now();
  return { group: seenGroup(known, call), hours: await ports.store.hours(group, fromMs ?? end - SHOWN_MS, end) };
}

/** The time that a ledger is read for where none is asked for, milliseconds. */
const LEDGER_MS = 24 * 3_600_000;

/** Where the messages are that a queue's producers entered. @throws ReliqError `ledger-missing` where recovery has no ledger */
export function getLedger(
  { queue, fromMs, toMs }: ApiRequests["get-ledger"],
  { options: { ports } }: ApiCall,
): Promise<ApiAnswers["get-ledger"]> {
  if (!ports.ledger) throw new ReliqError("ledger-missing", "Recovery was made without the port `ledger`.");
  const end = toMs ?? ports.now();
  return ledgerAccount(queue, { fromMs: fromMs ?? end - LEDGER_MS, toMs: end }, ports.ledger, ports);
}

/** Looks at a held group now, as its reminder would. */
export async function releaseQuarantine(
  { quarantine }: ApiRequests["release-quarantine"],
  { options }: ApiCall,
): Promise<ApiAnswers["release-quarantine"]> {
  const { mark } = await describeQuarantine(quarantine, options.ports);
  const { queue, group } = mark;
  await releaseGroup(rulesOf(options), { queue, group, round: 0 }, options.ports);
  return describeQuarantine(quarantine, options.ports);
}

/** A failure group as the caller may see it. Its message is of one death: values in it were taken out when that was captured. */
export function seenGroup(group: FailureGroup, { masked, options: { ports } }: ApiCall): FailureGroup {
  return masked ? { ...group, message: redactText(personalNamesIn(group.queue, ports))(group.message) } : group;
}

/** A held group as the caller may see it: personal values in what waits are masked. */
export async function seen(
  asked: Promise<QuarantineDetail>,
  { masked, options: { ports } }: ApiCall,
): Promise<QuarantineDetail> {
  const detail = await asked;
  if (!masked) return detail;
  const { failure, mark, messages } = detail;
  const names = personalNamesIn(mark.queue, ports);
  return {
    ...detail,
    ...(failure && { failure: maskFailure(failure, await maskingFor(failure, ports)) }),
    messages: messages.map((message) => maskContent(message, maskingOf(names, [message]))),
  };
}

/** @throws ReliqError `repair-unknown` that names those that are registered */
export function repairNamed(name: string, { repairs }: ApiCall["options"]): Repair {
  const repair = repairs.find((each) => each.name === name);
  if (repair) return repair;
  const known = repairs.map((each) => each.name).join(", ") || "none";
  throw new ReliqError("repair-unknown", `There is no repair ${JSON.stringify(name)}; registered are ${known}.`);
}

/** @throws ReliqError `<kind>-unknown` where there is none */
export function found<T>(kind: "approval" | "failure" | "group" | "run", id: string, value: T | undefined): T {
  if (value !== undefined) return value;
  const noun = { approval: "approval", failure: "failed message", group: "failure group", run: "run" }[kind];
  throw new ReliqError(`${kind}-unknown`, `There is no ${noun} ${id}.`);
}

/** Which page is asked for. */
export function page({ limit, after }: { limit?: number | undefined; after?: string | undefined }): {
  limit?: number;
  after?: string;
} {
  return { ...(limit !== undefined && { limit }), ...(after !== undefined && { after }) };
}

/** Which messages a repair is for. @throws ReliqError `input` where not exactly one of the three says it */
export function repairScope({ group, failures, filter }: Omit<ApiRequests["preview-repair"], "repair">): RepairScope {
  const scopes: RepairScope[] = [
    ...(group === undefined ? [] : [{ group }]),
    ...(failures === undefined ? [] : [{ failures }]),
    ...(filter === undefined ? [] : [{ filter: readFilter(filter) }]),
  ];
  const [scope] = scopes;
  if (scope && scopes.length === 1) return scope;
  const given = scope ? "more than one" : "none";
  throw new ReliqError("input", `A repair takes one of \`group\`, \`failures\` and \`filter\`; it has ${given}.`, {
    cause: { field: "group" },
  });
}

/** As a list takes it; held is what a repair is for. */
function readFilter(filter: object): Omit<FailureFilter, "state"> {
  const { limit: _, after: __, whole: ___, state: ____, ...read } = readInput("list-failures", filter);
  return read;
}
