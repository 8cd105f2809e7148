import type { Action } from "../../../kernel/service.ts";
import { notServed } from "../errors.ts";

/** UpdateFunctionCode: refused, since code comes as a directory of a cloud assembly, not as an archive. */
export function updateFunctionCode(): Action {
  return () => {
    throw notServed("code from an archive: code is updated with its cloud assembly");
  };
}
