import { contextValue } from "../context-variables.ts";
import type { Passage } from "../event.ts";

/** Where a request identifies its caller: `$request.header.Authorization`, `$request.querystring.token`, `$context.routeKey`, `$stageVariables.tenant`. */
const SOURCE = /^\$(?<place>request\.header|request\.querystring|context|stageVariables)\.(?<name>.+)$/;

export function isIdentitySource(source: string): boolean {
  return SOURCE.test(source);
}

/** What a request has at an identity source; nothing is undefined, also an empty text. */
export function identityAt(source: string, passage: Passage): string | undefined {
  const { place, name = "" } = SOURCE.exec(source)?.groups ?? {};
  const { request, stage } = passage;
  switch (place) {
    case "request.header":
      return request.headers[name.toLowerCase()] || undefined;
    case "request.querystring":
      return request.query[name] || undefined;
    case "stageVariables":
      return stage.variables[name] || undefined;
    default:
      return contextValue(name, passage) || undefined;
  }
}
