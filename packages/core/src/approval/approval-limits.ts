import type { Policy } from "../policy/policy.ts";

/** Above how many messages another person has to approve, and for how long that can be done. */
export type ApprovalLimits = Required<NonNullable<Policy["secondApproval"]>>;

/** What is asked for where the policy does not say it: a day is long enough for a colleague in another time zone. */
const APPROVAL_DEFAULTS: ApprovalLimits = { redrivesAbove: 100, editsAbove: 20, withinSeconds: 86_400 };

/** The limits of a policy. */
export function approvalLimits({ secondApproval }: Pick<Policy, "secondApproval">): ApprovalLimits {
  return { ...APPROVAL_DEFAULTS, ...secondApproval };
}
