import type { World } from "../../../kernel/service.ts";
import { ServiceError } from "../../../kernel/service-error.ts";
import { validationError } from "../request/errors.ts";

/** How long an iterator can be used, milliseconds (API reference, GetShardIterator: 15 minutes). */
const LIFE_MS = 15 * 60 * 1000;

/** A place in a stream. */
export interface StreamPosition {
  readonly arn: string;
  /** The sequence number to go on with. */
  readonly sequence: number;
}

/** The iterator for a place, as clients have it. */
export function writeIterator(world: World, { arn, sequence }: StreamPosition): string {
  const place = Buffer.from(JSON.stringify([sequence, world.clock.now()])).toString("base64");
  return `${arn}|1|${place}`;
}

/** The place of an iterator. @throws ExpiredIteratorException after 15 minutes, ValidationException for no iterator */
export function readIterator(world: World, iterator: string): StreamPosition {
  const [arn = "", version, place = ""] = iterator.split("|");
  const [sequence, issuedAtMs] = parse(place);
  if (version !== "1" || !Number.isInteger(sequence) || !Number.isFinite(issuedAtMs)) {
    throw validationError("Invalid ShardIterator");
  }
  if (world.clock.now() > Number(issuedAtMs) + LIFE_MS) {
    throw new ServiceError(
      "ExpiredIteratorException",
      "Iterator expired. The iterator was created at a time more than 15 minutes ago.",
    );
  }
  return { arn, sequence: Number(sequence) };
}

function parse(place: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(place, "base64").toString("utf8"));
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
