import { stableUuid } from "../../assembly/parameters.ts";
import type { ResourceProvider } from "../../kernel/resource.ts";
import type { World } from "../../kernel/service.ts";
import { optionalText } from "../scheduler/input.ts";
import { putAlias, readAliasName, removeAlias } from "./alias-actions.ts";
import { findKey, insertKey, keyArn } from "./key.ts";
import { refuseKinds, setDeletion } from "./key-actions.ts";

/** How long a key that leaves its template waits for its deletion, days (AWS::KMS::Key, PendingWindowInDays). */
const USUAL_WAIT_DAYS = 30;
const DAY_MS = 86_400_000;

/** `AWS::KMS::Key`: one that comes back before its deletion is due opens again what it had encrypted. */
export function keyProvider(world: World): ResourceProvider {
  const { store } = world;
  return {
    supported: ["Description", "Enabled", "KeySpec", "KeyUsage", "Origin"],
    kept: {
      BypassPolicyLockoutSafetyCheck: "access is not checked locally",
      EnableKeyRotation: "keys are not rotated",
      KeyPolicy: "access is not checked locally",
      PendingWindowInDays: "a key waits 30 days for its deletion",
      RotationPeriodInDays: "keys are not rotated",
      Tags: "tags of keys are not shown",
    },
    put: async ({ name, properties }) => {
      refuseKinds(properties);
      const id = stableUuid(name);
      const description = optionalText(properties, "Description") ?? "";
      const enabled = String(properties["Enabled"] ?? true) === "true";
      await store.transaction(() => {
        if (!findKey(world, id)) store.statement("DELETE FROM kms_key WHERE id = ?").run(id);
        if (!findKey(world, id)) insertKey(world, id, description, enabled);
        store
          .statement("UPDATE kms_key SET description = ?, enabled = ?, deletionAt = NULL WHERE id = ?")
          .run(description, Number(enabled), id);
      });
      return { ref: id, attributes: { Arn: keyArn(world, id), KeyId: id } };
    },
    remove: ({ ref }) => store.transaction(() => setDeletion(world, ref, world.clock.now() + USUAL_WAIT_DAYS * DAY_MS)),
  };
}

/** `AWS::KMS::Alias`. */
export function aliasProvider(world: World): ResourceProvider {
  return {
    supported: ["AliasName", "TargetKeyId"],
    put: async ({ properties }) => {
      const name = readAliasName(properties);
      await world.store.transaction(() => putAlias(world, name, String(properties["TargetKeyId"])));
      return { ref: name, attributes: {} };
    },
    remove: ({ ref }) => world.store.transaction(() => removeAlias(world, ref)),
  };
}
