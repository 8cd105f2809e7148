import type { Action, World } from "../../../kernel/service.ts";
import { alreadyExists, invalidParameter } from "../errors.ts";
import { existingGroup } from "../group.ts";
import { groupNameOf, requiredText } from "../input.ts";

/** CreateLogStream. */
export function createLogStream({ store, clock }: World): Action {
  return async (input) => {
    const groupName = groupNameOf(input);
    const name = requiredText(input, "logStreamName");
    if (!/^[^:*]{1,512}$/.test(name)) {
      throw invalidParameter(
        `1 validation error detected: Value '${name}' at 'logStreamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [^:*]*`,
      );
    }
    await store.transaction(() => {
      const group = existingGroup(store, groupName);
      const { changes } = store
        .statement("INSERT OR IGNORE INTO logs_stream (groupId, name, createdAt) VALUES (?, ?, ?)")
        .run(group.id, name, clock.now());
      if (changes === 0) throw alreadyExists("stream");
    });
    return {};
  };
}
