import { elements } from "../../kernel/protocol/rest-xml.ts";
import type { Members } from "../../kernel/service.ts";
import { invalidArgument, invalidRequest, malformedXml, notImplemented } from "./errors.ts";
import { structure } from "./input.ts";

/** The most rules of a bucket (user guide, Lifecycle configuration elements). */
const MOST_RULES = 1_000;

const ACTIONS: readonly string[] = [
  "AbortIncompleteMultipartUpload",
  "Expiration",
  "NoncurrentVersionExpiration",
  "NoncurrentVersionTransition",
  "Transition",
];
const MEMBERS: readonly string[] = ["ID", "Status", "Filter", "Prefix", ...ACTIONS];

/** The age that each class asks of an object before a transition to it, days (user guide, Transitioning objects). */
const LEAST_DAYS: Readonly<Record<string, number>> = {
  STANDARD_IA: 30,
  ONEZONE_IA: 30,
  INTELLIGENT_TIERING: 0,
  GLACIER_IR: 0,
  GLACIER: 0,
  DEEP_ARCHIVE: 0,
};

/**
 * Holds a lifecycle configuration to S3's rules.
 * @throws MalformedXML, InvalidArgument, InvalidRequest
 */
export function checkLifecycle(configuration: Members): void {
  const rules = elements(configuration["Rule"]).map(structure);
  const ids = rules.map(({ ID }) => ID).filter((id) => id !== undefined);
  if (rules.length === 0 || rules.length > MOST_RULES) throw malformedXml();
  if (new Set(ids).size < ids.length) throw invalidArgument("Rule ID must be unique", "ID", ids.join(", "));
  for (const rule of rules) checkRule(rule);
}

function checkRule(rule: Members): void {
  const { ID, Status, Filter, Prefix } = rule;
  const other = Object.keys(rule).find((name) => !MEMBERS.includes(name));
  if (other !== undefined) throw notImplemented(`${other} of a lifecycle rule`);
  if (Status !== "Enabled" && Status !== "Disabled") throw malformedXml();
  if ((Filter === undefined) === (Prefix === undefined)) throw malformedXml();
  if (String(ID ?? "").length > 255)
    throw invalidArgument("ID length should not exceed allowed limit of 255", "ID", ID);
  const actions = ACTIONS.flatMap((name) => elements(rule[name]));
  if (actions.length === 0) throw invalidRequest("At least one action needs to be specified in a rule.");
  for (const action of actions) checkAges(structure(action));
  checkOrder(rule);
}

/** Every age is a whole number of days, and every date is a midnight. */
function checkAges(action: Members): void {
  for (const name of ["Days", "NoncurrentDays", "DaysAfterInitiation"]) {
    const days = action[name];
    const least = action["StorageClass"] === undefined ? 1 : LEAST_DAYS[String(action["StorageClass"])];
    if (least === undefined) throw malformedXml();
    if (days === undefined || (/^\d+$/.test(String(days)) && Number(days) >= least)) continue;
    throw invalidArgument(`'${name}' must be an integer of at least ${least}`, name, days);
  }
  const { Days, Date: date } = action;
  if (date === undefined) return;
  const ms = Date.parse(String(date));
  if (Days !== undefined || Number.isNaN(ms)) throw malformedXml();
  if (ms % 86_400_000 !== 0) throw invalidArgument("'Date' must be at midnight GMT", "Date", date);
}

/** Objects expire after their transitions, not before. */
function checkOrder({ Expiration, Transition }: Members): void {
  const [expiration] = elements(Expiration) as Members[];
  const transitions = elements(Transition) as Members[];
  if (expiration?.["Days"] === undefined) return;
  if (!transitions.some(({ Days }) => Number(Days) >= Number(expiration["Days"]))) return;
  const message = "'Days' in the Expiration action must be greater than 'Days' in the Transition action";
  throw invalidArgument(message, "Days", expiration["Days"]);
}
