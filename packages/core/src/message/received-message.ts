/** One attribute of a message, as SQS types it. */
export interface MessageAttribute {
  /** `String`, `Number` or `Binary`, with an optional custom label (`Number.float`). */
  readonly dataType: string;
  /** Where the type is `String` or `Number`. */
  readonly stringValue?: string;
  /** Where the type is `Binary`. */
  readonly binaryValue?: Uint8Array;
}

/** A message as a consumer received it, whichever way it came (Lambda, worker). */
export interface ReceivedMessage {
  readonly messageId: string;
  /** The queue's name. */
  readonly queue: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  /** How often the message has been received, this time included (`ApproximateReceiveCount`). */
  readonly receiveCount: number;
  /** When the queue accepted it, milliseconds since the Unix epoch. */
  readonly sentAtMs: number;
  /** FIFO queues: the message group. */
  readonly groupId?: string | undefined;
  /** FIFO queues: grows with each message of the queue; 20 digits, so that texts compare as numbers do. */
  readonly sequenceNumber?: string | undefined;
  /** The X-Ray header of whoever sent it (`AWSTraceHeader`). */
  readonly traceHeader?: string | undefined;
  /** What this receive of it is deleted, and its visibility changed, by. */
  readonly receiptHandle?: string;
}
