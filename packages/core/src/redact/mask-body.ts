import { ReliqError } from "../errors.ts";
import { MOST_WORK, REDACTED, redactText, SHORTEST_INSIDE_WORDS } from "./redact-text.ts";
import { DEEPEST } from "./redact-value.ts";
import { type JsonPlace, rewriteJson } from "./rewrite-json.ts";

/** What is masked: what fields with personal data are called, and the values that they have in a message. */
export interface Masking {
  readonly names: readonly string[];
  readonly values: readonly string[];
}

/** A body with its personal values masked, and what stands behind each mask: `[redacted 1]` is the first. */
export interface MaskedBody {
  readonly text: string;
  readonly masks: readonly Mask[];
}

interface Mask {
  /** Where it is: only there can it be put back. */
  readonly path: string;
  /** JSON, as it was written. */
  readonly source: string;
}

const MASK = /^\[redacted (\d{1,9})\]$/;

/** What each mask begins with. */
export const MASK_BEGIN = "[redacted";

/**
 * Masks the personal values of a body. Of one that is JSON each masked value has a number, by which `unmaskBody` finds it again, and all else
 * stays as it is written; JSON in texts included. Where other texts hold a personal value, they are masked whole.
 */
export function maskBody(body: string, { names, values }: Masking): MaskedBody {
  if (names.length === 0) return { text: body, masks: [] };
  if (values.length * body.length > MOST_WORK) return { text: REDACTED, masks: [] };
  const masks: Mask[] = [];
  const redact = redactText(names, values);
  const within = { names: new Set(names), values: new Set(values), redact, masks };
  return { text: isJson(body) ? maskJson(body, within, []) : redact(body), masks };
}

/**
 * Puts back what stands behind the masks of an edited body.
 * @throws ReliqError `edit-masked` where a mask cannot be put back where it stands: then it would be written in place of what it hides
 */
export function unmaskBody(edited: string, stored: string, { text, masks }: MaskedBody): string {
  if (edited === text) return stored;
  const restored = isJson(edited) ? unmaskJson(edited, masks, []) : edited;
  if (countMasks(restored) > countMasks(stored)) throw misplacedMask("The body");
  return restored;
}

interface Within {
  readonly names: ReadonlySet<string>;
  readonly values: ReadonlySet<string>;
  readonly redact: (text: string) => string;
  readonly masks: Mask[];
}

type Outer = readonly (readonly (string | 0)[])[];

function maskJson(text: string, within: Within, outer: Outer): string {
  const { names, values, redact, masks } = within;
  return rewriteJson(text, (place) => {
    const mask = (): string => {
      masks.push({ path: pathText(place, "before", outer), source: place.source() });
      return JSON.stringify(`${MASK_BEGIN} ${masks.length}]`);
    };
    const isPersonal = place.name !== undefined && names.has(place.name);
    if (place.kind === "name") return !isPersonal && redact(place.name ?? "") !== place.name ? mask() : undefined;
    if (isPersonal || place.depth >= DEEPEST) return mask();
    if (place.kind !== "plain") return undefined;
    const source = place.source();
    if (!source.startsWith('"')) {
      return source.length >= SHORTEST_INSIDE_WORDS && values.has(source) ? mask() : undefined;
    }
    const content: string = JSON.parse(source);
    if (!isJsonInside(content)) return redact(content) === content ? undefined : mask();
    const inside = maskJson(content, within, [...outer, place.path("before")]);
    return inside === content ? undefined : JSON.stringify(inside);
  });
}

function unmaskJson(text: string, masks: readonly Mask[], outer: Outer): string {
  return rewriteJson(text, (place) => {
    const source = place.kind === "name" || place.kind === "plain" ? place.source() : "";
    if (!source.startsWith('"')) return undefined;
    const content: string = JSON.parse(source);
    const number = MASK.exec(content)?.[1];
    if (number !== undefined) {
      const mask = masks[Number(number) - 1];
      if (mask?.path !== pathText(place, "after", outer)) throw misplacedMask("The body");
      return mask.source;
    }
    if (place.kind === "name" || !isJsonInside(content)) return undefined;
    const inside = unmaskJson(content, masks, [...outer, place.path("after")]);
    return inside === content ? undefined : JSON.stringify(inside);
  });
}

/** Where a value is, or a member's name: in what is around it. */
function pathText(place: JsonPlace, names: "after" | "before", outer: Outer): string {
  const path = place.path(names);
  return JSON.stringify([...outer, place.kind === "name" ? [...path.slice(0, -1), "name"] : [...path, "value"]]);
}

function countMasks(text: string): number {
  return text.split(MASK_BEGIN).length;
}

/** What is said of a mask that cannot be put back. */
export function misplacedMask(what: string): ReliqError {
  const fix =
    "leave each mask where it stands, or write a value of your own in its place; whoever may see the values can change the rest";
  return new ReliqError("edit-masked", `${what} has a mask with nothing behind it there: ${fix}.`);
}

function isJsonInside(content: string): boolean {
  return /^\s*["[{]/.test(content) && isJson(content);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
