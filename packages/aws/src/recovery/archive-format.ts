import type { MessageAttribute } from "@reliq/core";
import type { ArchivedMessage } from "@reliq/core/recovery";

/** An archived message, or an answer of the API, as text: JSON, binary attributes in base64. */
export function writeBinaryJson(value: unknown): string {
  return JSON.stringify(value, (_, value: unknown) =>
    value instanceof Uint8Array ? { base64: Buffer.from(value).toString("base64") } : bufferJson(value),
  );
}

/** The archived message of an object's text. */
export function readArchived(text: string): ArchivedMessage {
  const { failure, ...archived } = JSON.parse(text) as ArchivedMessage;
  const { original } = failure;
  return {
    ...archived,
    failure: {
      ...failure,
      attributes: readAttributes(failure.attributes),
      ...(original && { original: { ...original, attributes: readAttributes(original.attributes) } }),
    },
  };
}

/** JSON.stringify asks a Buffer for its own form before the replacer sees it. */
function bufferJson(value: unknown): unknown {
  const { type, data } = (value ?? {}) as { readonly type?: unknown; readonly data?: unknown };
  return type === "Buffer" && Array.isArray(data) ? { base64: Buffer.from(data).toString("base64") } : value;
}

/** Attributes as that text has them, with their bytes. */
export function readAttributes(
  attributes: Readonly<Record<string, MessageAttribute>>,
): Record<string, MessageAttribute> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { binaryValue, ...attribute }]) => {
      const { base64 } = (binaryValue ?? {}) as { readonly base64?: string };
      return [name, { ...attribute, ...(base64 !== undefined && { binaryValue: Buffer.from(base64, "base64") }) }];
    }),
  );
}
