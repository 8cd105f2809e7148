import type { StackStore } from "../../../assembly/stack-store.ts";
import type { Members } from "../../../kernel/service.ts";
import { findStack, textMember, validationError } from "../find-stack.ts";

/** The template of a stack, as it was written: there are no macros that would make another of it. */
export function getTemplate(records: StackStore, input: Members): Members {
  const name = textMember(input, "StackName");
  if (name === undefined) throw validationError("StackName is required if ChangeSetName is not specified.");
  return { TemplateBody: records.template(findStack(records, name).name), StagesAvailable: ["Original", "Processed"] };
}
