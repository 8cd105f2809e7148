import type { Members } from "./service.ts";

/** Whether a message attribute may have this name (developer guides of SQS and SNS, "Message attribute components"). */
export function isAttributeName(name: string): boolean {
  return /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/.test(name) && name.length <= 256 && !/^(aws|amazon)\./i.test(name);
}

/** What attributes add to a message's size: names, types and values, bytes. They need not be valid. */
export function attributesBytes(attributes: Members): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(attributes)) {
    const { DataType, StringValue, BinaryValue } = value as Members;
    bytes += Buffer.byteLength(name) + Buffer.byteLength(String(DataType ?? ""));
    bytes += Buffer.byteLength(String(StringValue ?? "")) + Buffer.byteLength(String(BinaryValue ?? ""), "base64");
  }
  return bytes;
}
