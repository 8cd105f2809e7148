import { stableUuid } from "../../assembly/parameters.ts";
import { callPeer } from "../../kernel/call-peer.ts";
import type { Resource, ResourceProvider } from "../../kernel/resource.ts";
import type { Members, World } from "../../kernel/service.ts";
import { ServiceError } from "../../kernel/service-error.ts";
import { invalid, optionalText } from "../scheduler/input.ts";
import { putAlias, readAliasName, removeAlias } from "./alias-actions.ts";
import { findKey, insertKey, keyArn } from "./key.ts";
import { refuseKinds, setDeletion } from "./key-actions.ts";

/** How long a key that leaves its template waits for its deletion, days (AWS::KMS::Key, PendingWindowInDays). */
const USUAL_WAIT_DAYS = 30;
const DAY_MS = 86_400_000;

/** Settings of keys and of their replicas. */
const KEPT = {
  KeyPolicy: "access is not checked locally",
  PendingWindowInDays: "a key waits 30 days for its deletion",
  Tags: "tags of keys are not shown",
};

/** `AWS::KMS::Key`: one that comes back before its deletion is due opens again what it had encrypted. */
export function keyProvider(world: World): ResourceProvider {
  return {
    supported: ["Description", "Enabled", "KeySpec", "KeyUsage", "MultiRegion", "Origin"],
    kept: {
      ...KEPT,
      BypassPolicyLockoutSafetyCheck: "access is not checked locally",
      EnableKeyRotation: "keys are not rotated",
      RotationPeriodInDays: "keys are not rotated",
    },
    put: async ({ name, properties }) => {
      refuseKinds(properties);
      const uuid = stableUuid(name);
      const id = String(properties["MultiRegion"]) === "true" ? `mrk-${uuid.replaceAll("-", "")}` : uuid;
      return await putKey(world, id, properties);
    },
    remove: removeKey(world),
  };
}

/** `AWS::KMS::ReplicaKey`: a multi-Region key of a peer with the same material, so that each opens what the other has sealed. */
export function replicaKeyProvider(world: World): ResourceProvider {
  return {
    supported: ["Description", "Enabled", "PrimaryKeyArn"],
    kept: KEPT,
    put: async ({ logicalId, properties }) => {
      const arn = String(properties["PrimaryKeyArn"]);
      const [, primaryRegion = "", id = ""] = /^arn:aws:kms:([\w-]+):\d{12}:key\/(mrk-[0-9a-f]{32})$/.exec(arn) ?? [];
      if (id === "") throw invalid(`PrimaryKeyArn of ${logicalId} is ${arn}; it takes the ARN of a multi-Region key.`);
      const material = findKey(world, id) ? undefined : await readMaterial(world, primaryRegion, arn);
      const put = await putKey(world, id, properties, material);
      await world.store.transaction(() =>
        world.store.statement("INSERT OR REPLACE INTO kms_replica VALUES (?, ?)").run(id, primaryRegion),
      );
      return put;
    },
    remove: removeKey(world),
  };
}

async function putKey(world: World, id: string, properties: Members, material?: Uint8Array): Promise<Resource> {
  const { store } = world;
  const description = optionalText(properties, "Description") ?? "";
  const enabled = String(properties["Enabled"] ?? true) === "true";
  await store.transaction(() => {
    if (!findKey(world, id)) store.statement("DELETE FROM kms_key WHERE id = ?").run(id);
    if (!findKey(world, id)) insertKey(world, id, description, enabled, material);
    store
      .statement("UPDATE kms_key SET description = ?, enabled = ?, deletionAt = NULL WHERE id = ?")
      .run(description, Number(enabled), id);
  });
  return { ref: id, attributes: { Arn: keyArn(world, id), KeyId: id } };
}

function removeKey(world: World): ResourceProvider["remove"] {
  const wait = USUAL_WAIT_DAYS * DAY_MS;
  return ({ ref }) => world.store.transaction(() => setDeletion(world, ref, world.clock.now() + wait));
}

/** @throws ServiceError where the region of the primary key is no peer, does not answer, or has no such key */
async function readMaterial(world: World, primaryRegion: string, KeyId: string): Promise<Uint8Array> {
  const asked = { target: "TrentService.ReliqReadMaterial", input: { KeyId } };
  const { Material } = await callPeer(world, primaryRegion, asked).catch((error: Error) => {
    if (!(primaryRegion in world.peers)) throw error;
    const what = error instanceof ServiceError ? `has no multi-Region key ${KeyId}` : "does not answer";
    throw invalid(`${primaryRegion} ${what}: ${error.message}`);
  });
  return Buffer.from(String(Material), "base64");
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
