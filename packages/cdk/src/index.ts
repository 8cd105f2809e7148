export type { ArchiveLifecycle } from "./archive-bucket.ts";
export { BundledFunction, type BundledFunctionProps } from "./bundled-function.ts";
export { Consumer, type ConsumerProps, type SourceQueue } from "./consumer.ts";
export { Journal, type JournalProps } from "./journal.ts";
export { LargeBodies, type LargeBodiesProps } from "./large-bodies.ts";
export { Outbox, type OutboxProps, type StreamTable } from "./outbox.ts";
export { Recovery } from "./recovery.ts";
export type { RecoveryProps } from "./recovery-props.ts";
export { ReliableQueue, type ReliableQueueProps } from "./reliable-queue.ts";
