import type { Members } from "../../../kernel/service.ts";

/** Whether a request may pass; the status and message of a refusal are API Gateway's own. */
export type Authorization =
  | { readonly kind: "allowed"; readonly authorizer?: Members }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "forbidden"; readonly challenge?: string }
  | { readonly kind: "unauthorized"; readonly challenge?: string };
