import type { Members } from "../../../kernel/service.ts";
import { project } from "../expressions/projection.ts";
import type { UpdatePaths } from "../expressions/update.ts";
import type { Written } from "../items/mutation.ts";
import { validationError } from "./errors.ts";
import { optionalChoice } from "./members.ts";

const VALUES = ["ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW"] as const;

/** What ReturnValues asks for. */
export type ReturnValues = (typeof VALUES)[number];

/** Reads ReturnValues. @default "NONE" */
export function returnValues(input: Members): ReturnValues {
  return optionalChoice(input, "ReturnValues", VALUES) ?? "NONE";
}

/** Whether the old item is asked for, where nothing else can be. @throws ValidationException */
export function oldItemOnly(input: Members): boolean {
  const wanted = returnValues(input);
  if (wanted === "NONE") return false;
  if (wanted === "ALL_OLD") return true;
  throw validationError("ReturnValues can only be ALL_OLD or NONE");
}

/** The Attributes member of UpdateItem's answer: of a nested attribute, only what the update touched. */
export function updatedValues(wanted: ReturnValues, paths: UpdatePaths, { before, after }: Written): Members {
  if (wanted === "NONE") return {};
  const stored = wanted.endsWith("_OLD") ? before : after;
  if (!stored) return {};
  if (wanted.startsWith("ALL")) return { Attributes: stored.item };
  const attributes = project(stored.item, wanted === "UPDATED_NEW" ? paths.set : paths.touched);
  return Object.keys(attributes).length === 0 ? {} : { Attributes: attributes };
}
