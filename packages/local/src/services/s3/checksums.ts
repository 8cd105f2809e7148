import { createHash } from "node:crypto";
import type { Members } from "../../kernel/service.ts";
import { CRC32, CRC32C, CRC64NVME, type Crc } from "./crc.ts";
import { badDigest, invalidRequest, s3Error } from "./errors.ts";
import { optionalText } from "./input.ts";

export type Algorithm = "CRC32" | "CRC32C" | "CRC64NVME" | "SHA1" | "SHA256";

/** Whether a checksum is of the object's bytes, or of its parts' checksums (user guide, Checking object integrity). */
export type ChecksumType = "COMPOSITE" | "FULL_OBJECT";

export interface Checksum {
  readonly algorithm: Algorithm;
  /** Base64; a composite one ends in `-` and the number of parts. */
  readonly value: string;
}

const CRCS: Readonly<Partial<Record<Algorithm, Crc>>> = { CRC32, CRC32C, CRC64NVME };
const ALGORITHMS: readonly Algorithm[] = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"];

/** What S3 computes where a client asks for none. */
const DEFAULT_ALGORITHM: Algorithm = "CRC64NVME";

/** @throws InvalidRequest for an algorithm that S3 or the local region does not know */
export function algorithmNamed(name: string): Algorithm {
  const found = ALGORITHMS.find((each) => each === name);
  if (found) return found;
  throw invalidRequest(
    `Checksum algorithm provided is unsupported. Please try again with any of the valid types: [${ALGORITHMS.join(", ")}]`,
  );
}

/** The checksum that a request gives, or undefined. @throws InvalidRequest for more than one, or one that cannot be */
export function givenChecksum(input: Members): Checksum | undefined {
  const given = ALGORITHMS.filter((each) => input[`Checksum${each}`] !== undefined);
  const [algorithm] = given;
  if (given.length > 1) {
    throw invalidRequest("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
  }
  const asked = optionalText(input, "SdkChecksumAlgorithm");
  if (asked !== undefined && algorithmNamed(asked) !== algorithm) {
    throw invalidRequest(
      "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.",
    );
  }
  return algorithm && { algorithm, value: optionalText(input, `Checksum${algorithm}`) ?? "" };
}

/** The checksum of a body, which is the one that the request gives. @throws BadDigest, InvalidDigest, InvalidRequest */
export function verifiedChecksum(input: Members, body: Uint8Array, unasked: Algorithm = DEFAULT_ALGORITHM): Checksum {
  verifyMd5(optionalText(input, "ContentMD5"), body);
  const given = givenChecksum(input);
  const checksum = checksumOf(given?.algorithm ?? unasked, body);
  if (given === undefined || given.value === checksum.value) return checksum;
  if (Buffer.from(given.value, "base64").length === Buffer.from(checksum.value, "base64").length) {
    throw badDigest(given.algorithm);
  }
  throw invalidRequest(`Value for x-amz-checksum-${given.algorithm.toLowerCase()} header is invalid.`);
}

function verifyMd5(given: string | undefined, body: Uint8Array): void {
  if (given === undefined) return;
  const digest = Buffer.from(given, "base64");
  if (digest.length !== 16) throw s3Error("InvalidDigest", "The Content-MD5 you specified was invalid.");
  if (!digest.equals(createHash("md5").update(body).digest())) throw badDigest("Content-MD5");
}

function checksumOf(algorithm: Algorithm, body: Uint8Array): Checksum {
  const crc = CRCS[algorithm];
  const value = crc ? encodeCrc(crc.of(body), crc) : createHash(algorithm.toLowerCase()).update(body).digest("base64");
  return { algorithm, value };
}

function encodeCrc(value: bigint, { bits }: Crc): string {
  return Buffer.from(value.toString(16).padStart(bits / 4, "0"), "hex").toString("base64");
}

/** The type that an upload in parts takes, given what its creation asks. @throws InvalidRequest */
export function uploadChecksumType(algorithm: Algorithm, asked: string | undefined): ChecksumType {
  const wanted = asked ?? (algorithm === "CRC64NVME" ? "FULL_OBJECT" : "COMPOSITE");
  const possible = wanted === "FULL_OBJECT" ? CRCS[algorithm] !== undefined : algorithm !== "CRC64NVME";
  if (possible && (wanted === "FULL_OBJECT" || wanted === "COMPOSITE")) return wanted;
  throw invalidRequest(`The ${wanted} checksum type cannot be used with the ${algorithm} checksum algorithm.`);
}

/** The checksum of an object that is made of parts, each with its own. */
export function checksumOfParts(
  algorithm: Algorithm,
  type: ChecksumType,
  parts: readonly { readonly value: string; readonly bytes: number }[],
): Checksum {
  const digests = parts.map(({ value }) => Buffer.from(value, "base64"));
  const crc = CRCS[algorithm];
  if (type === "COMPOSITE" || !crc) {
    return { algorithm, value: `${checksumOf(algorithm, Buffer.concat(digests)).value}-${parts.length}` };
  }
  const [first = 0n, ...others] = digests.map((digest) => BigInt(`0x${digest.toString("hex")}`));
  const whole = others.reduce((sum, each, index) => crc.combine(sum, each, parts[index + 1]?.bytes ?? 0), first);
  return { algorithm, value: encodeCrc(whole, crc) };
}

/** How a checksum is answered and kept: `ChecksumCRC32` and its like, and its type where it is an object's. */
export function checksumMembers({ algorithm, value }: Checksum, type?: ChecksumType): Record<string, string> {
  return { [`Checksum${algorithm}`]: value, ...(type && { ChecksumType: type }) };
}

/** Whether a member is a checksum, or says of which type it is. */
export function isChecksumMember(name: string): boolean {
  return name.startsWith("Checksum");
}

/** The algorithm of the checksum that an object's description holds. */
export function algorithmOf(description: Members): Algorithm {
  return ALGORITHMS.find((each) => description[`Checksum${each}`] !== undefined) ?? DEFAULT_ALGORITHM;
}
