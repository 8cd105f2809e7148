import { randomUUID } from "node:crypto";
import type { Action, Members, World } from "../../kernel/service.ts";
import { ServiceError } from "../../kernel/service-error.ts";
import { Timestamp } from "../../kernel/timestamp.ts";
import { integerWithin, invalid, optionalText, refuseOthers, requiredText } from "../scheduler/input.ts";
import { allKeys, insertKey, isMultiRegion, type Key, keyArn, pendingDeletion, requestedKey, shownKey } from "./key.ts";
import { pageOf } from "./page.ts";

/** How long a key waits for its deletion, days (ScheduleKeyDeletion). */
const DELETION_DAYS = { least: 7, most: 30 };
const DAY_MS = 86_400_000;

const CREATE_MEMBERS = [
  "BypassPolicyLockoutSafetyCheck",
  "CustomerMasterKeySpec",
  "Description",
  "KeySpec",
  "KeyUsage",
  "Origin",
  "Policy",
  "Tags",
];

/** The actions on keys. */
export function keyActions(world: World): Record<string, Action> {
  const change = async (input: Members, work: (key: Key) => void): Promise<Key> =>
    world.store.transaction(() => {
      const key = requestedKey(world, requiredText(input, "KeyId"));
      work(key);
      return key;
    });
  return {
    CreateKey: async (input) => {
      refuseOthers(input, CREATE_MEMBERS, "a key");
      refuseKinds(input);
      const id = randomUUID();
      await world.store.transaction(() => insertKey(world, id, optionalText(input, "Description") ?? "", true));
      return { KeyMetadata: shownKey(world, requestedKey(world, id)) };
    },
    DescribeKey: (input) => ({ KeyMetadata: shownKey(world, requestedKey(world, requiredText(input, "KeyId"))) }),
    ListKeys: (input) => {
      const { page, next } = pageOf(allKeys(world), ({ id }) => id, input);
      return { Keys: page.map(({ id }) => ({ KeyId: id, KeyArn: keyArn(world, id) })), ...next };
    },
    ReliqReadMaterial: (input) => {
      const { id, material } = requestedKey(world, requiredText(input, "KeyId"));
      if (!isMultiRegion(id)) throw invalid(`${keyArn(world, id)} is a key of this region alone.`);
      return { Material: Buffer.from(material).toString("base64") };
    },
    EnableKey: async (input) => {
      await change(input, (key) => setEnabled(world, key, true));
      return {};
    },
    DisableKey: async (input) => {
      await change(input, (key) => setEnabled(world, key, false));
      return {};
    },
    ScheduleKeyDeletion: async (input) => {
      const { least, most } = DELETION_DAYS;
      const days = integerWithin(input, "PendingWindowInDays", least, most) ?? most;
      const deletionAt = world.clock.now() + days * DAY_MS;
      const { id } = await change(input, (key) => {
        if (key.deletionAt !== null) throw pendingDeletion(world, key);
        setDeletion(world, key.id, deletionAt);
      });
      return {
        KeyId: keyArn(world, id),
        DeletionDate: new Timestamp(deletionAt),
        KeyState: "PendingDeletion",
        PendingWindowInDays: days,
      };
    },
    CancelKeyDeletion: async (input) => {
      const { id } = await change(input, (key) => {
        if (key.deletionAt === null) {
          throw new ServiceError("KMSInvalidStateException", `${keyArn(world, key.id)} is not pending deletion.`);
        }
        setDeletion(world, key.id, null);
      });
      return { KeyId: keyArn(world, id) };
    },
  };
}

/** Sets when a key is deleted, in a transaction of the caller's; one whose deletion is called off stays disabled, as on AWS. */
export function setDeletion({ store }: World, id: string, deletionAt: number | null): void {
  store.statement("UPDATE kms_key SET deletionAt = ?, enabled = 0 WHERE id = ?").run(deletionAt, id);
}

function setEnabled(world: World, key: Key, enabled: boolean): void {
  if (key.deletionAt !== null) throw pendingDeletion(world, key);
  world.store.statement("UPDATE kms_key SET enabled = ? WHERE id = ?").run(Number(enabled), key.id);
}

/** The one kind of key that is carried out. */
const KINDS: Readonly<Record<string, string>> = {
  CustomerMasterKeySpec: "SYMMETRIC_DEFAULT",
  KeySpec: "SYMMETRIC_DEFAULT",
  KeyUsage: "ENCRYPT_DECRYPT",
  Origin: "AWS_KMS",
};

/** @throws ValidationException for a key that is not symmetric, or whose material is somebody else's */
export function refuseKinds(input: Members): void {
  for (const [name, served] of Object.entries(KINDS)) {
    const given = optionalText(input, name) ?? served;
    if (given !== served) throw invalid(`The local region serves keys of ${name} ${served}, not ${given}.`);
  }
}
