export { BundledFunction, type BundledFunctionProps } from "./bundled-function.ts";
export { Consumer, type ConsumerProps, type SourceQueue } from "./consumer.ts";
export { Journal, type JournalProps } from "./journal.ts";
export { ReliableQueue, type ReliableQueueProps } from "./reliable-queue.ts";
