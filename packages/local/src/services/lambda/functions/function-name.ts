import type { Members } from "../../../kernel/service.ts";
import { notFound, validationError } from "../errors.ts";
import { optionalText, requiredText } from "../input.ts";

/** A name, a partial ARN (`123456789012:function:name`) or a full one, each with or without a qualifier. */
const FUNCTION_NAME =
  /^(?:(?:arn:aws:lambda:[a-z0-9-]+:)?\d{12}:)?(?:function:)?(?<name>[A-Za-z0-9-_]{1,64})(?::(?<qualifier>\$LATEST|[A-Za-z0-9-_]+))?$/;

/** The function that a request names. @throws ValidationException; ResourceNotFoundException for a version or an alias, of which there are none */
export function requestedName(input: Members): string {
  const given = requiredText(input, "FunctionName");
  const { name, qualifier } = FUNCTION_NAME.exec(given)?.groups ?? {};
  if (name === undefined) {
    throw validationError(
      given,
      "FunctionName",
      String.raw`Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso(b?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?`,
    );
  }
  const version = optionalText(input, "Qualifier") ?? qualifier ?? "$LATEST";
  if (version !== "$LATEST") {
    throw notFound(
      `Function not found: ${name}:${version}. The local region serves $LATEST only, no versions or aliases.`,
    );
  }
  return name;
}
