import { ServiceError } from "../../../kernel/service-error.ts";

/** A query that cannot be read. */
export function malformedQuery(why: string): ServiceError {
  return new ServiceError("MalformedQueryException", `The query cannot be run: ${why}.`);
}

/** A part of the language that the local region does not carry out. */
export function notServed(what: string): ServiceError {
  return malformedQuery(
    `the local region does not serve ${what}. docs/reference/local-region.md says what of the language it serves`,
  );
}

export function queryDoesNotExist(what: "query" | "query definition", id: string): ServiceError {
  return new ServiceError("ResourceNotFoundException", `The specified ${what} does not exist: ${id}.`);
}
