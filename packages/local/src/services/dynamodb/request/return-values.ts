import type { Members } from "../../../kernel/service.ts";
import { project } from "../expressions/projection.ts";
import type { Mutation, Written } from "../items/mutation.ts";
import type { UpdateMutation } from "../items/prepare.ts";
import { validationError } from "./errors.ts";
import { optionalChoice } from "./members.ts";

const VALUES = ["ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW"] as const;

/** What PutItem and DeleteItem return: the old item, or nothing. @throws ValidationException where ReturnValues asks for more */
export function oldItemOnly(input: Members): (mutation: Mutation, written: Written) => Members {
  const wanted = returnValues(input);
  if (wanted !== "NONE" && wanted !== "ALL_OLD") throw validationError("ReturnValues can only be ALL_OLD or NONE");
  return (_, { before }) => (before && wanted === "ALL_OLD" ? { Attributes: before.item } : {});
}

/** What UpdateItem returns: of a nested attribute, only what the update touched. */
export function updatedValues(input: Members): (mutation: UpdateMutation, written: Written) => Members {
  const wanted = returnValues(input);
  return ({ paths }, { before, after }) => {
    const stored = wanted.endsWith("_OLD") ? before : after;
    if (wanted === "NONE" || !stored) return {};
    if (wanted.startsWith("ALL")) return { Attributes: stored.item };
    const attributes = project(stored.item, wanted === "UPDATED_NEW" ? paths.set : paths.touched);
    return Object.keys(attributes).length === 0 ? {} : { Attributes: attributes };
  };
}

function returnValues(input: Members): (typeof VALUES)[number] {
  return optionalChoice(input, "ReturnValues", VALUES) ?? "NONE";
}
