import type { Members } from "../../kernel/service.ts";
import { ServiceError } from "../../kernel/service-error.ts";

export function badRequest(message: string): ServiceError {
  return new ServiceError("BadRequestException", message);
}

/** What the local region does not carry out, by name. */
export function notServed(what: string): ServiceError {
  return badRequest(`The local region does not serve ${what}.`);
}

/** @throws BadRequestException where the member is absent or empty */
export function requiredText(input: Members, name: string): string {
  const value = input[name];
  if (typeof value === "string" && value !== "") return value;
  throw badRequest(`${name} must be given, as a string.`);
}

/** A number in its limits, or undefined where the member is absent; templates also write numbers as texts. @throws BadRequestException */
export function numberWithin(input: Members, name: string, least: number, most: number): number | undefined {
  const given = input[name] ?? undefined;
  if (given === undefined) return undefined;
  const value = Number(given);
  if (Number.isFinite(value) && value >= least && value <= most) return value;
  throw badRequest(`${name} must be a number of ${least} to ${most}, not ${JSON.stringify(given)}.`);
}

/** A list of texts; one text is a list of it, an absent member is an empty list. @throws BadRequestException */
export function texts(input: Members, name: string): string[] {
  const value = [input[name] ?? []].flat();
  if (value.every((each) => typeof each === "string")) return value as string[];
  throw badRequest(`${name} must be a list of strings.`);
}

/** A structure; an absent one is empty. @throws BadRequestException */
export function structure(input: Members, name: string): Members {
  const value = input[name] ?? {};
  if (typeof value === "object" && !Array.isArray(value)) return value as Members;
  throw badRequest(`${name} must be a structure.`);
}

/** @throws BadRequestException that names a member which is not carried out */
export function refuseOthers(input: Members, served: readonly string[], at: string): void {
  const other = Object.keys(input).find((name) => !served.includes(name));
  if (other !== undefined) throw notServed(`${other} of ${at}`);
}

/** The function that a URI invokes: its ARN, or API Gateway's path to it. @throws BadRequestException */
export function functionArnOf(input: Members, name: string): string {
  const uri = requiredText(input, name);
  const arn = /(arn:aws:lambda:[^:/]*:\d{12}:function:[^/]+?)(?:\/invocations)?$/.exec(uri)?.[1];
  if (arn === undefined) throw notServed(`the ${name} ${uri}, which is no function`);
  return arn;
}
