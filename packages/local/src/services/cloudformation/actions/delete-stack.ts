import type { Action, World } from "../../../kernel/service.ts";
import { textMember, validationError } from "../find-stack.ts";

/** Removes a stack and what it does not retain; answers once that is done, where AWS answers before. */
export function deleteStack(world: World): Action {
  return async (input, { signal }) => {
    const name = textMember(input, "StackName");
    if (name === undefined) throw validationError("Stack name must be specified");
    if (input["RetainResources"] !== undefined) {
      throw validationError(
        "The local region does not serve RetainResources: give the resource the DeletionPolicy Retain.",
      );
    }
    return world.call("reliq", "RemoveStack", { StackName: name }, signal).catch((error: Error & { code?: string }) => {
      throw error.code === "export-in-use" ? validationError(error.message) : error;
    });
  };
}
