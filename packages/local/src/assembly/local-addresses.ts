/** The address of an HTTP API on AWS, as templates compose it: `https://<id>.execute-api.<region>.amazonaws.com`. */
const API_ADDRESS = /\b(?:https?|wss?):\/\/([a-z0-9]{10})\.execute-api\.[a-z0-9-]+\.amazonaws\.com(?=[/?#]|$)/g;

/** A text in which the addresses of HTTP APIs lead to the region that serves them, so that outputs and variables work unchanged. */
export function localAddresses(value: unknown, endpoint: string | undefined): unknown {
  if (typeof value !== "string" || endpoint === undefined || !value.includes(".execute-api.")) return value;
  return value.replaceAll(API_ADDRESS, (_all, id: string) => `${endpoint}/_api/${id}`);
}
