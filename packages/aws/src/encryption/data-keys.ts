import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from "@aws-sdk/client-kms";
import { DependencyFailure, PermanentFailure } from "@reliq/core";

/** A key that texts are sealed under, plain and as KMS encrypted it. */
interface DataKey {
  readonly key: Uint8Array;
  /** base64url. */
  readonly wrappedKey: string;
}

/** How data keys are got, and for how long one serves. */
export interface DataKeysOptions {
  readonly client: KMSClient;
  readonly keyId: string;
  /** What KMS binds data keys to, and shows in its audit. */
  readonly context: Readonly<Record<string, string>>;
  readonly seconds: number;
  readonly mostUses: number;
  readonly now: () => number;
}

/** Data keys, kept for a while so that not every message asks KMS. */
export interface DataKeys {
  /** A key to seal under. @throws what KMS throws */
  current(): Promise<DataKey>;
  /** The key that KMS encrypted. @throws PermanentFailure where KMS does not open it, or with another context; what KMS throws */
  opened(wrappedKey: string): Promise<Uint8Array>;
}

/** How many opened keys are kept: each instance that seals has one at a time. */
const MOST_OPENED = 100;

interface Kept<T> {
  readonly value: Promise<T>;
  readonly untilMs: number;
  uses: number;
}

/** Makes data keys: one seals for some time and uses, and an opened one is kept for the same time. */
export function dataKeys({ client, keyId, context, seconds, mostUses, now }: DataKeysOptions): DataKeys {
  let sealing: Kept<DataKey> | undefined;
  const opened = new Map<string, Kept<Uint8Array>>();
  const keep = <T>(value: Promise<T>, forget: () => void): Kept<T> => {
    value.catch(forget);
    return { value, untilMs: now() + seconds * 1_000, uses: 0 };
  };
  return {
    current: () => {
      if (!sealing || sealing.untilMs <= now() || sealing.uses >= mostUses) {
        const kept = keep(generate(client, keyId, context), () => {
          if (sealing === kept) sealing = undefined;
        });
        sealing = kept;
      }
      sealing.uses++;
      return sealing.value;
    },
    opened: (wrappedKey) => {
      const known = opened.get(wrappedKey);
      if (known && known.untilMs > now()) return known.value;
      const kept = keep(decrypt(client, keyId, context, wrappedKey), () => opened.delete(wrappedKey));
      opened.delete(wrappedKey);
      opened.set(wrappedKey, kept);
      const [oldest] = opened.keys();
      if (opened.size > MOST_OPENED && oldest !== undefined) opened.delete(oldest);
      return kept.value;
    },
  };
}

async function generate(
  client: KMSClient,
  KeyId: string,
  EncryptionContext: Readonly<Record<string, string>>,
): Promise<DataKey> {
  const { Plaintext, CiphertextBlob } = await client.send(
    new GenerateDataKeyCommand({ KeyId, KeySpec: "AES_256", EncryptionContext }),
  );
  if (!Plaintext || !CiphertextBlob) throw new DependencyFailure("KMS gave no data key.");
  return { key: Plaintext, wrappedKey: Buffer.from(CiphertextBlob).toString("base64url") };
}

/** What KMS says of a ciphertext that it will never open. */
const NEVER = ["IncorrectKeyException", "InvalidCiphertextException"];

async function decrypt(
  client: KMSClient,
  KeyId: string,
  EncryptionContext: Readonly<Record<string, string>>,
  wrappedKey: string,
): Promise<Uint8Array> {
  const CiphertextBlob = Buffer.from(wrappedKey, "base64url");
  try {
    const { Plaintext } = await client.send(new DecryptCommand({ CiphertextBlob, KeyId, EncryptionContext }));
    if (Plaintext) return Plaintext;
  } catch (error) {
    if (!NEVER.includes((error as Error).name)) throw error;
    throw new PermanentFailure("KMS does not open the data key of a sealed field: it is of another key or context.", {
      cause: error,
    });
  }
  throw new DependencyFailure("KMS gave no plain data key.");
}
