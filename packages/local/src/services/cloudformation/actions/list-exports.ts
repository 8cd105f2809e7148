import type { StackStore } from "../../../assembly/stack-store.ts";
import type { Members } from "../../../kernel/service.ts";

/** What stacks export, which other stacks import by name. */
export function listExports(records: StackStore): Members {
  return {
    Exports: records
      .stacks()
      .flatMap(({ id, outputs }) =>
        outputs
          .filter(({ exportName }) => exportName !== undefined)
          .map(({ exportName, value }) => ({ ExportingStackId: id, Name: exportName, Value: value })),
      ),
  };
}
