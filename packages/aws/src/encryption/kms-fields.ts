import { randomBytes } from "node:crypto";
import { KMSClient } from "@aws-sdk/client-kms";
import {
  checkOptions,
  type Decryption,
  type OptionChecks,
  PermanentFailure,
  type ReceivedMessage,
  ValidationFailure,
} from "@reliq/core";
import { dataKeys } from "./data-keys.ts";
import { type SealedFor, seal, unseal, wrappedKeyOf } from "./sealed-text.ts";

/** How fields are sealed and opened. */
export interface KmsFieldsOptions {
  /** The key of KMS that encrypts data keys: its id, ARN or alias. */
  readonly keyId: string;
  /** What a sealed field belongs to, such as `{ orderId }`, by the message that it is found in; it opens in no other. @default nothing */
  readonly sealedFor?: (message: Pick<ReceivedMessage, "body">) => SealedFor;
  /** What KMS binds data keys to, and shows in its audit: the same for all who seal and open. @default {} */
  readonly context?: Readonly<Record<string, string>>;
  /** How long a data key serves, seconds; then KMS is asked again. At most 86,400. @default 300 */
  readonly keySeconds?: number;
  /** How many calls of `encrypt` a data key serves, at most 1,000,000. @default 10,000 */
  readonly keyUses?: number;
  /** @default a client from the environment */
  readonly client?: KMSClient;
  /** Milliseconds since the Unix epoch. @default Date.now */
  readonly now?: () => number;
}

/** Seals fields before they are sent, and opens them in the consumer: `decrypted(["card"], fields)`. */
export interface FieldEncryption extends Decryption {
  /**
   * Gives each field sealed, by its name, as a text of some 400 characters more than its own; one that is undefined is left out.
   * @throws what KMS throws, where there is no data key.
   */
  encrypt(
    fields: Readonly<Record<string, string | undefined>>,
    sealedFor?: SealedFor,
  ): Promise<Readonly<Record<string, string>>>;
}

const isFunction = (value: unknown): boolean => value === undefined || typeof value === "function";
const whole =
  (most: number) =>
  (value: unknown): string | undefined =>
    value === undefined || (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= most)
      ? undefined
      : `a whole number from 1 to ${most}`;

const CHECKS: OptionChecks<KmsFieldsOptions> = {
  keyId: (value) => (typeof value === "string" && value !== "" ? undefined : "the id, ARN or alias of a key of KMS"),
  sealedFor: (value) => (isFunction(value) ? undefined : "a function `(message) => ({ orderId: … })`"),
  context: (value) =>
    value === undefined || Object.values(value ?? { is: 0 }).every((each) => typeof each === "string")
      ? undefined
      : "an object of texts",
  keySeconds: whole(86_400),
  keyUses: whole(1_000_000),
  client: (value) =>
    value === undefined || typeof (value as KMSClient | null)?.send === "function" ? undefined : "a KMSClient",
  now: (value) => (isFunction(value) ? undefined : "a function that gives milliseconds"),
};

/**
 * Envelope encryption of fields: each is sealed by AES-256-GCM under a key of its own, derived from a data key that KMS has made and encrypted;
 * KMS is asked once for many messages. A field opens only under its name and in the message that it was sealed for.
 * @throws ReliqError `encryption-option` that names an unknown or wrong option, its value and what it takes.
 */
export function kmsFields(options: KmsFieldsOptions): FieldEncryption {
  checkOptions("kmsFields()", "encryption-option", options, CHECKS);
  const { keyId, context = {}, client = new KMSClient({}), now = Date.now } = options;
  const { keySeconds: seconds = 300, keyUses: mostUses = 10_000, sealedFor: purposeOf = () => ({}) } = options;
  const keys = dataKeys({ client, keyId, context, seconds, mostUses, now });
  return {
    encrypt: async (fields, sealedFor = {}) => {
      const given = Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined);
      if (given.length === 0) return {};
      const key = await keys.current();
      return Object.fromEntries(
        given.map(([name, value]) => {
          const salt = randomBytes(32);
          return [name, seal(value, { ...sealedFor, field: name }, { ...key, salt })];
        }),
      );
    },
    decrypt: async (fields, message) => {
      const sealedFor = purposeOf(message);
      const opened = Object.entries(fields).map(async ([name, sealed]) => {
        const wrappedKey = wrappedKeyOf(sealed);
        if (wrappedKey === undefined) throw new ValidationFailure(`The field ${name} is not sealed.`);
        const plain = unseal(sealed, { ...sealedFor, field: name }, await keys.opened(wrappedKey));
        if (plain !== undefined) return [name, plain] as const;
        const why = "it was changed, or sealed for another message or field";
        throw new PermanentFailure(`The field ${name} does not open: ${why}.`);
      });
      return Object.fromEntries(await Promise.all(opened));
    },
  };
}
