import { randomBytes } from "node:crypto";
import type { Action, Members, World } from "../../kernel/service.ts";
import { ServiceError } from "../../kernel/service-error.ts";
import { integerWithin, invalid, optionalText, refuseOthers, requiredText, structure } from "../scheduler/input.ts";
import { type EncryptionContext, invalidCiphertext, keyIdOf, open, seal } from "./ciphertext.ts";
import { findKey, type Key, keyArn, requestedKey, usableKey } from "./key.ts";

/** The most that Encrypt takes, the longest ciphertext, and the most that is generated, bytes (API reference). */
const LONGEST_PLAINTEXT_BYTES = 4_096;
const LONGEST_CIPHERTEXT_BYTES = 6_144;
const MOST_GENERATED_BYTES = 1_024;

/** The sizes of data keys by their spec, bytes. */
const DATA_KEY_BYTES: Readonly<Record<string, number>> = { AES_128: 16, AES_256: 32 };

const ALGORITHM = "SYMMETRIC_DEFAULT";

/** The actions that use keys. */
export function cryptographicActions(world: World): Record<string, Action> {
  const encrypt = (key: Key, plaintext: Buffer, context: EncryptionContext): Members => ({
    CiphertextBlob: seal(key, plaintext, context).toString("base64"),
    KeyId: keyArn(world, key.id),
  });
  const dataKey = (input: Members): { readonly plaintext: Buffer; readonly answer: Members } => {
    refuseOthers(input, ["EncryptionContext", "KeyId", "KeySpec", "NumberOfBytes"], "a data key");
    const plaintext = randomBytes(dataKeyBytes(input));
    const key = usableKey(world, requiredText(input, "KeyId"));
    return { plaintext, answer: encrypt(key, plaintext, readContext(input, "EncryptionContext")) };
  };
  return {
    Encrypt: (input) => {
      refuseOthers(input, ["EncryptionAlgorithm", "EncryptionContext", "KeyId", "Plaintext"], "Encrypt");
      const plaintext = readBytes(input, "Plaintext", LONGEST_PLAINTEXT_BYTES);
      const key = usableKey(world, requiredText(input, "KeyId"));
      return { ...encrypt(key, plaintext, readContext(input, "EncryptionContext")), ...algorithmOf(input) };
    },
    Decrypt: (input) => {
      refuseOthers(input, ["CiphertextBlob", "EncryptionAlgorithm", "EncryptionContext", "KeyId"], "Decrypt");
      const blob = readBytes(input, "CiphertextBlob", LONGEST_CIPHERTEXT_BYTES);
      const key = keyOfCiphertext(world, blob, optionalText(input, "KeyId"));
      const plaintext = open(key, blob, readContext(input, "EncryptionContext"));
      return { Plaintext: plaintext.toString("base64"), KeyId: keyArn(world, key.id), ...algorithmOf(input) };
    },
    ReEncrypt: (input) => {
      const blob = readBytes(input, "CiphertextBlob", LONGEST_CIPHERTEXT_BYTES);
      const source = keyOfCiphertext(world, blob, optionalText(input, "SourceKeyId"));
      const plaintext = open(source, blob, readContext(input, "SourceEncryptionContext"));
      const destination = usableKey(world, requiredText(input, "DestinationKeyId"));
      return {
        ...encrypt(destination, plaintext, readContext(input, "DestinationEncryptionContext")),
        SourceKeyId: keyArn(world, source.id),
        SourceEncryptionAlgorithm: ALGORITHM,
        DestinationEncryptionAlgorithm: ALGORITHM,
      };
    },
    GenerateDataKey: (input) => {
      const { plaintext, answer } = dataKey(input);
      return { ...answer, Plaintext: plaintext.toString("base64") };
    },
    GenerateDataKeyWithoutPlaintext: (input) => dataKey(input).answer,
    GenerateRandom: (input) => {
      const bytes = integerWithin(input, "NumberOfBytes", 1, MOST_GENERATED_BYTES);
      if (bytes === undefined) throw invalid("NumberOfBytes is missing.");
      return { Plaintext: randomBytes(bytes).toString("base64") };
    },
  };
}

/** The key of a blob, whose id is in it. @throws IncorrectKeyException where the caller names another one */
function keyOfCiphertext(world: World, blob: Buffer, named: string | undefined): Key {
  const id = keyIdOf(blob);
  if (named !== undefined && requestedKey(world, named).id !== id) {
    throw new ServiceError(
      "IncorrectKeyException",
      "The key ID in the request does not identify a CMK that can perform this operation.",
    );
  }
  // Whose key is nobody's here was never encrypted here.
  if (!findKey(world, id)) throw invalidCiphertext();
  return usableKey(world, id);
}

function algorithmOf(input: Members): Members {
  const algorithm = optionalText(input, "EncryptionAlgorithm") ?? ALGORITHM;
  if (algorithm === ALGORITHM) return { EncryptionAlgorithm: ALGORITHM };
  throw invalid(`The local region serves the EncryptionAlgorithm ${ALGORITHM}, not ${algorithm}.`);
}

function dataKeyBytes(input: Members): number {
  const spec = optionalText(input, "KeySpec");
  const bytes = integerWithin(input, "NumberOfBytes", 1, MOST_GENERATED_BYTES);
  if ((spec === undefined) === (bytes === undefined)) {
    throw invalid("Please specify either number of bytes or key spec.");
  }
  const found = bytes ?? DATA_KEY_BYTES[spec ?? ""];
  if (found !== undefined) return found;
  throw invalid(`KeySpec must be one of ${Object.keys(DATA_KEY_BYTES).join(", ")}, not ${spec}.`);
}

/** @throws ValidationException for an empty blob or one over the limit */
function readBytes(input: Members, name: string, mostBytes: number): Buffer {
  const bytes = Buffer.from(requiredText(input, name), "base64");
  if (bytes.length >= 1 && bytes.length <= mostBytes) return bytes;
  throw invalid(
    `1 validation error detected: Value at '${name}' failed to satisfy constraint: Member must have length between 1 and ${mostBytes}`,
  );
}

function readContext(input: Members, name: string): EncryptionContext {
  const context = structure(input, name);
  const odd = Object.entries(context).find(([, value]) => typeof value !== "string");
  if (odd) throw invalid(`${name} takes texts, and ${JSON.stringify(odd[0])} is ${JSON.stringify(odd[1])}.`);
  return context as EncryptionContext;
}
