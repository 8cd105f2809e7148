import type { FailureCategory } from "@reliq/core";

/** What a failure is called in this system's events and answers. */
export type IngestionCategory = "PERMANENT" | "PROCESSING" | "TIMEOUT" | "TRANSIENT" | "VALIDATION";

const CATEGORIES: Readonly<Record<FailureCategory, IngestionCategory>> = {
  "bad-payload": "VALIDATION",
  validation: "VALIDATION",
  dependency: "TRANSIENT",
  throttled: "TRANSIENT",
  auth: "PERMANENT",
  permanent: "PERMANENT",
  timeout: "TIMEOUT",
  processing: "PROCESSING",
  unknown: "PROCESSING",
};

/** The system's own category of a failure that Reliq has classified. */
export function ingestionCategory(category: FailureCategory): IngestionCategory {
  return CATEGORIES[category];
}
