import { type FieldEncryption, kmsFields } from "@reliq/aws/encryption";
import { PREFIX } from "../names.ts";
import { need } from "./environment.ts";

/** What is personal in orders, sealed by the API for its order, and opened by nobody but the service that needs it. */
export function fieldEncryption(): FieldEncryption {
  return kmsFields({
    keyId: need("FIELD_KEY"),
    context: { system: PREFIX },
    sealedFor: ({ body }) => ({ orderId: String((JSON.parse(body) as { orderId?: unknown }).orderId) }),
  });
}
