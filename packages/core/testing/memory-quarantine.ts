import type { GroupMark, GroupName, Quarantine, SetAsideMessage } from "../src/recovery/index.ts";

/** A quarantine in memory; it passes the same contract suite as the real one. */
export function memoryQuarantine(): Quarantine {
  const marks = new Map<string, GroupMark>();
  const messages = new Map<string, Map<string, SetAsideMessage>>();
  const keyOf = ({ queue, group }: GroupName): string => JSON.stringify([queue, group]);
  return {
    marks: async (names) => names.map((name) => marks.get(keyOf(name))),
    commit: async ({ before, after, messages: aside = [] }) => {
      const key = keyOf(after);
      if (marks.get(key)?.version !== before?.version) return "conflict";
      marks.set(key, after);
      const ofGroup = messages.get(key) ?? new Map<string, SetAsideMessage>();
      for (const message of aside) ofGroup.set(message.place, message);
      messages.set(key, ofGroup);
      return "committed";
    },
    setAside: async (name, after, limit) =>
      [...(messages.get(keyOf(name))?.values() ?? [])]
        .filter(({ place }) => place > after)
        .toSorted((a, b) => (a.place < b.place ? -1 : 1))
        .slice(0, limit),
    open: async (queue) =>
      [...marks.values()]
        .filter((mark) => mark.queue === queue && isOpen(mark))
        .toSorted((a, b) => a.sinceMs - b.sinceMs),
  };
}

function isOpen({ phase, suspect }: GroupMark): boolean {
  return phase !== "free" || suspect !== undefined;
}
