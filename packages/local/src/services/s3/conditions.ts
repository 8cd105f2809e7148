import type { Members } from "../../kernel/service.ts";
import { noSuchKey, preconditionFailed, s3Error, unsupportedHeader } from "./errors.ts";
import { optionalText } from "./input.ts";
import { type ObjectSummary, unquoted } from "./object.ts";

/**
 * What the conditions of a read come to, in the order of RFC 7232 (GetObject, API reference); those on a copy's source have a prefix.
 * @throws PreconditionFailed
 */
export function decideRead(
  input: Members,
  found: ObjectSummary,
  prefix: "" | "CopySource" = "",
): "give" | "not-modified" {
  const match = optionalText(input, `${prefix}IfMatch`);
  const noneMatch = optionalText(input, `${prefix}IfNoneMatch`);
  const modifiedSince = optionalDate(input, `${prefix}IfModifiedSince`);
  const unmodifiedSince = optionalDate(input, `${prefix}IfUnmodifiedSince`);
  if (match !== undefined) {
    if (!matches(match, found)) throw preconditionFailed("If-Match");
  } else if (unmodifiedSince !== undefined && seconds(found.modifiedAt) > unmodifiedSince) {
    throw preconditionFailed("If-Unmodified-Since");
  }
  if (noneMatch !== undefined) return matches(noneMatch, found) ? "not-modified" : "give";
  return modifiedSince !== undefined && seconds(found.modifiedAt) <= modifiedSince ? "not-modified" : "give";
}

/** What a write's conditions look at: the entity tag that is there, or undefined. */
export interface WriteState {
  /** When the request came. */
  readonly atArrival: string | undefined;
  /** When it takes effect. */
  readonly now: string | undefined;
}

/**
 * Lets a write or a delete take effect, or not (user guide, Conditional writes).
 * @throws PreconditionFailed; NoSuchKey; ConditionalRequestConflict where the object was deleted while the request ran
 */
export function requireWrite(input: Members, key: string, { atArrival, now }: WriteState): void {
  const match = optionalText(input, "IfMatch");
  const noneMatch = optionalText(input, "IfNoneMatch");
  if (noneMatch !== undefined && (noneMatch !== "*" || match !== undefined)) throw unsupportedHeader("If-None-Match");
  if (noneMatch !== undefined && now !== undefined) throw preconditionFailed("If-None-Match");
  if (match === undefined) return;
  if (now === undefined && atArrival !== undefined) {
    const message = "The conditional request cannot succeed due to a conflicting operation against this resource.";
    throw s3Error("ConditionalRequestConflict", message, 409, { Condition: "If-Match", Key: key });
  }
  if (now === undefined) throw noSuchKey(key);
  if (match !== "*" && unquoted(match) !== now) throw preconditionFailed("If-Match");
}

/** Whether a list of entity tags, or `*`, has the object's. */
function matches(tags: string, { etag }: ObjectSummary): boolean {
  return tags === "*" || tags.split(",").some((each) => unquoted(each.trim().replace(/^W\//, "")) === etag);
}

/** A date in seconds since the epoch; one that cannot be read is ignored, as HTTP has it. */
function optionalDate(input: Members, name: string): number | undefined {
  const ms = Date.parse(optionalText(input, name) ?? "");
  return Number.isNaN(ms) ? undefined : seconds(ms);
}

/** HTTP dates have no milliseconds. */
function seconds(ms: number): number {
  return Math.floor(ms / 1_000);
}
