/** The namespace of all metrics. */
export const NAMESPACE = "OrderProcessing";

/** What begins the names of everything. */
export const PREFIX = "order-processing";

/** A name with the system's beginning. */
export function named(rest: string): string {
  return `${PREFIX}-${rest}`;
}
