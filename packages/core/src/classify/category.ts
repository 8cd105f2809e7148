/** The kinds of failure; each failed attempt has exactly one. */
export type FailureCategory =
  | "auth"
  | "bad-payload"
  | "dependency"
  | "permanent"
  | "processing"
  | "throttled"
  | "timeout"
  | "unknown"
  | "validation";

/** How urgent a failure is to a person. */
export type Severity = "critical" | "error" | "warning";

interface CategoryTraits {
  /** Whether the same message can succeed later without a change to it. */
  readonly retryable: boolean;
  readonly severity: Severity;
}

/** What follows from a category, unless the failure itself says otherwise. */
export const CATEGORY_TRAITS: Readonly<Record<FailureCategory, CategoryTraits>> = {
  auth: { retryable: false, severity: "critical" },
  "bad-payload": { retryable: false, severity: "error" },
  dependency: { retryable: true, severity: "warning" },
  permanent: { retryable: false, severity: "error" },
  processing: { retryable: true, severity: "error" },
  throttled: { retryable: true, severity: "warning" },
  timeout: { retryable: true, severity: "warning" },
  unknown: { retryable: true, severity: "error" },
  validation: { retryable: false, severity: "error" },
};
