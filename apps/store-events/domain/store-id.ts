import { type MessageAttribute, ValidationFailure } from "@reliq/core";

/** The reason of an event that does not say which store it comes from. */
const MISSING_STORE_ID: string = JSON.stringify({ missing_store_id: true });

/** Returns why an event must not be processed, by its message attributes; nothing where it has a store. */
export function storeIdFailure(attributes: Readonly<Record<string, MessageAttribute>>): ValidationFailure | undefined {
  return attributes["store_id"] === undefined ? new ValidationFailure(MISSING_STORE_ID) : undefined;
}
