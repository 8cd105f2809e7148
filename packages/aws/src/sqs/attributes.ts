import type { MessageAttributeValue } from "@aws-sdk/client-sqs";
import type { MessageAttribute } from "@reliq/core";

/** Message attributes as the SQS client takes them. */
export function toSqsAttributes(
  attributes: Readonly<Record<string, MessageAttribute>>,
): Record<string, MessageAttributeValue> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { dataType, stringValue, binaryValue }]) => [
      name,
      { DataType: dataType, StringValue: stringValue, BinaryValue: binaryValue },
    ]),
  );
}
