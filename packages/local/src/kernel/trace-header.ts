import { randomUUID } from "node:crypto";

/** What an X-Ray tracing header says (X-Ray developer guide, "Tracing header"). */
export interface TraceHeader {
  /** `1-58406520-a006649127e371903a2de979` */
  readonly root: string;
  /** The segment that the next one hangs on. @default none */
  readonly parent?: string | undefined;
  /** @default not decided yet */
  readonly sampled?: boolean | undefined;
}

/** As Lambda and the SDKs write it. */
const CANONICAL = /^Root=(1-[\da-f]{8}-[\da-f]{24});Parent=([\da-f]{16});Sampled=([01])$/;

const ROOT = /^1-[\da-f]{8}-[\da-f]{24}$/;
const SEGMENT = /^[\da-f]{16}$/;

/** Reads a header; undefined for one that X-Ray would drop. */
export function readTraceHeader(text: string | null | undefined): TraceHeader | undefined {
  if (!text) return undefined;
  const [, canonical, within, decided] = CANONICAL.exec(text) ?? [];
  if (canonical !== undefined) return { root: canonical, parent: within, sampled: decided === "1" };
  const parts = Object.fromEntries(text.split(";").map((part) => part.trim().split("=", 2)));
  const { Root: root = "", Parent: parent, Sampled: sampled } = parts as Record<string, string | undefined>;
  if (!ROOT.test(root)) return undefined;
  return {
    root,
    ...(parent !== undefined && SEGMENT.test(parent) && { parent }),
    ...((sampled === "0" || sampled === "1") && { sampled: sampled === "1" }),
  };
}

/** Writes a header. */
export function writeTraceHeader({ root, parent, sampled }: TraceHeader): string {
  const after = [
    ...(parent === undefined ? [] : [`Parent=${parent}`]),
    ...(sampled === undefined ? [] : [`Sampled=${Number(sampled)}`]),
  ];
  return [`Root=${root}`, ...after].join(";");
}

/** The id of a new trace: it begins with the time, in hexadecimal seconds. */
export function newTraceId(nowMs: number): string {
  const seconds = Math.floor(nowMs / 1_000)
    .toString(16)
    .padStart(8, "0");
  return `1-${seconds}-${randomHex(24)}`;
}

/** The id of a new segment. */
export function newSegmentId(): string {
  return randomHex(16);
}

/** Up to 24 random digits: those of a UUID that say nothing. Node draws UUIDs in stock, where asking the system for each costs more than a header. */
function randomHex(digits: number): string {
  const uuid = randomUUID();
  return (uuid.slice(24) + uuid.slice(0, 8) + uuid.slice(9, 13)).slice(0, digits);
}
