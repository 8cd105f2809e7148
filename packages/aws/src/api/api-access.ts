import { ReliqError } from "@reliq/core";
import { ROLES, type Role } from "@reliq/core/recovery";
import type { APIGatewayProxyEventV2 } from "aws-lambda";

/** Who may do what with recovery's API. */
export interface ApiAccess {
  /** Callers by IAM who may approve, by ARN; one that ends in `*` stands for all that begin so. The others are operators. @default none */
  readonly approvers?: readonly string[];
  /** The claim of a token that says the caller's role; without it a caller is a viewer. @default "reliq_role" */
  readonly roleClaim?: string;
  /**
   * Lets callers in whom nobody has authorized, as operators, and lets a caller say its role in the header `x-reliq-role`: only for a region
   * on this machine, where any credentials will do. @default false
   */
  readonly open?: boolean;
}

/** Who calls, as the authorizer says. */
export interface ApiCaller {
  readonly by: string;
  readonly role: Role;
}

/** What API Gateway says of the caller, as far as it is read here. */
type Authorizer = {
  readonly iam?: { readonly userArn?: string };
  readonly jwt?: { readonly claims: Readonly<Record<string, unknown>> };
};

/**
 * Access as the RecoveryApi construct sets it: `RELIQ_API_APPROVERS` (ARNs with commas), `RELIQ_API_ROLE_CLAIM`. It is open where
 * `AWS_ENDPOINT_URL` is on this machine.
 */
export function accessFromEnvironment(environment: NodeJS.ProcessEnv = process.env): ApiAccess {
  const approvers = (environment["RELIQ_API_APPROVERS"] ?? "").split(",").filter((arn) => arn !== "");
  const roleClaim = environment["RELIQ_API_ROLE_CLAIM"];
  return { approvers, open: isLoopback(environment["AWS_ENDPOINT_URL"]), ...(roleClaim && { roleClaim }) };
}

/** The caller of a request, by its authorizer alone. @throws ReliqError `unauthorized` where there is none */
export function callerOf(event: APIGatewayProxyEventV2, access: ApiAccess): ApiCaller {
  const { approvers = [], roleClaim = "reliq_role", open = false } = access;
  const { authorizer } = event.requestContext as { readonly authorizer?: Authorizer };
  const said = open ? ROLES.find((role) => role === event.headers?.["x-reliq-role"]) : undefined;
  const arn = authorizer?.iam?.userArn;
  if (arn) return { by: arn, role: said ?? (approvers.some((each) => isOf(each, arn)) ? "approver" : "operator") };
  const claims = authorizer?.jwt?.claims;
  const subject = claims?.["sub"];
  if (typeof subject === "string" && subject !== "") return { by: subject, role: highestRole(claims?.[roleClaim]) };
  if (open) return { by: "local", role: said ?? "operator" };
  throw new ReliqError("unauthorized", "Nobody has authorized this request: give the API an authorizer, IAM or JWT.");
}

/** Whether a role may do what another is needed for. */
export function mayAct(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

function isOf(approver: string, arn: string): boolean {
  return approver.endsWith("*") ? arn.startsWith(approver.slice(0, -1)) : arn === approver;
}

/** API Gateway writes a list of roles as `[a b]`. */
function highestRole(claim: unknown): Role {
  const given = String(claim ?? "").split(/[[\], ]+/);
  return ROLES.toReversed().find((role) => given.includes(role)) ?? "viewer";
}

function isLoopback(endpoint: string | undefined): boolean {
  const host = endpoint !== undefined && URL.canParse(endpoint) ? new URL(endpoint).hostname : "";
  return host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}
