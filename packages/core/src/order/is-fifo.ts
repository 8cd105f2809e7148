/** Whether a queue is a FIFO queue: SQS wants their names to end so, and no other's. */
export function isFifo(queue: string): boolean {
  return queue.endsWith(".fifo");
}
