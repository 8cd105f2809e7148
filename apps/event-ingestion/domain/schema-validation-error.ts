import { ValidationFailure } from "@reliq/core";

/** A message's body does not fit the schema of events; a redrive finds these by this name. */
export class SchemaValidationError extends ValidationFailure {
  // The base class gives its own name as a literal.
  override readonly name = "SchemaValidationError" as "ValidationFailure";
}
