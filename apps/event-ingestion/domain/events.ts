import { type Attempted, type FailureCategory, lineageOf } from "@reliq/core";
import { type IngestionCategory, ingestionCategory } from "./failure-categories.ts";
import { CORRELATION_ATTRIBUTE } from "./publish.ts";

/** What others are told; at least once, so they go by `messageId`: the one of the event's answer, which each of its messages has as its lineage. */
export type Notice =
  | {
      readonly type: "EventProcessed";
      readonly messageId: string;
      readonly correlationId: string;
      readonly orderId: string;
      readonly amount: number;
    }
  | {
      readonly type: "EventFailed";
      readonly messageId: string;
      readonly correlationId: string;
      readonly category: IngestionCategory;
      /** Reliq's own, which is finer. */
      readonly reliqCategory: FailureCategory;
      readonly errorName: string;
      readonly retryable: boolean;
      readonly attempts: number;
    };

/** The source of what is told, on the bus. */
export const SOURCE = "event-ingestion";

/** Where others are told. */
export interface Notices {
  readonly tell: (notices: readonly Notice[]) => Promise<void>;
}

/** What is told of the attempts of a batch that failed. */
export function failureNotices(attempted: readonly Attempted[]): readonly Notice[] {
  return attempted.flatMap(({ message, outcome }): Notice[] => {
    if (outcome.kind !== "failed" && outcome.kind !== "dead-lettered") return [];
    const { category, errorName, retryable } = outcome.reason;
    return [
      {
        type: "EventFailed",
        messageId: lineageOf(message),
        correlationId: correlationOf(message),
        category: ingestionCategory(category),
        reliqCategory: category,
        errorName,
        retryable,
        attempts: message.receiveCount,
      },
    ];
  });
}

/** The correlation id that a message carries; its own id where a client sent it past the API. */
export function correlationOf(message: {
  readonly messageId: string;
  readonly attributes: Attempted["message"]["attributes"];
}): string {
  return message.attributes[CORRELATION_ATTRIBUTE]?.stringValue ?? message.messageId;
}
