import type { AttemptSummary } from "./failed-message.ts";

/**
 * A link to an attempt's log stream in the CloudWatch console, with the invocation's lines filtered; undefined where the attempt
 * does not say where its log is.
 */
export function logsLink(
  { requestId, logGroup, logStream }: Pick<AttemptSummary, "logGroup" | "logStream" | "requestId">,
  region: string,
): string | undefined {
  if (logGroup === undefined || logStream === undefined) return undefined;
  const filter = requestId === undefined ? "" : `$3FfilterPattern$3D${encode(`"${requestId}"`)}`;
  const place = `log-groups/log-group/${encode(logGroup)}/log-events/${encode(logStream)}${filter}`;
  return `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#logsV2:${place}`;
}

/** The console takes names encoded twice, with `$` for `%`. */
function encode(text: string): string {
  return encodeURIComponent(encodeURIComponent(text)).replaceAll("%", "$");
}
