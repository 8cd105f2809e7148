/** Names a message group's sequence in the journal: each consumer of a queue has its own. */
export function sequenceGroup(consumer: string, queue: string, messageGroup: string): string {
  return `${consumer}#${queue}#${messageGroup}`;
}
