import type { Action } from "../../../kernel/service.ts";
import { notServed } from "../errors.ts";

/** CreateFunction: refused, since code comes as a directory of a cloud assembly, not as an archive. */
export function createFunction(): Action {
  return () => {
    throw notServed(
      "code from an archive: functions come from a cloud assembly, by `reliq local start --assembly DIR`",
    );
  };
}
