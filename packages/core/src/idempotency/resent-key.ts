/** The claim on a message that Reliq has sent again: by its lineage, so that two copies of it have one effect, whoever handles them. */
export function resentKey(queue: string, lineage: string): string {
  return `resent#${queue}#${lineage}`;
}
