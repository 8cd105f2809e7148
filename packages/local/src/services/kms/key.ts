import { randomBytes } from "node:crypto";
import type { Members, World } from "../../kernel/service.ts";
import { ServiceError } from "../../kernel/service-error.ts";
import { Timestamp } from "../../kernel/timestamp.ts";

/** Keys with their material, and their aliases; times are milliseconds since the epoch. */
export const SCHEMA = `
CREATE TABLE IF NOT EXISTS kms_key (
  id TEXT PRIMARY KEY,
  description TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  material BLOB NOT NULL,
  createdAt INTEGER NOT NULL,
  deletionAt INTEGER
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS kms_replica (id TEXT PRIMARY KEY, primaryRegion TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS kms_alias (
  name TEXT PRIMARY KEY,
  keyId TEXT NOT NULL,
  createdAt INTEGER NOT NULL,
  updatedAt INTEGER NOT NULL
) WITHOUT ROWID;`;

/** A symmetric key. */
export interface Key {
  readonly id: string;
  readonly description: string;
  /** 0 or 1. */
  readonly enabled: number;
  /** 256 bits. */
  readonly material: Uint8Array;
  readonly createdAt: number;
  /** When the key and all that only it can open are gone; null where that is not planned. */
  readonly deletionAt: number | null;
}

/** An alias, with its `alias/`. */
export interface Alias {
  readonly name: string;
  readonly keyId: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** The size of a key of AES-256, bytes. */
const MATERIAL_BYTES = 32;

/** Whether a key can have replicas in other regions, as its id says (developer guide, "Multi-Region keys"). */
export function isMultiRegion(id: string): boolean {
  return id.startsWith("mrk-");
}

/** Makes a key, in a transaction of the caller's; a replica has the material of its primary key. */
export function insertKey(
  { store, clock }: World,
  id: string,
  description: string,
  enabled: boolean,
  material: Uint8Array = randomBytes(MATERIAL_BYTES),
): void {
  store
    .statement("INSERT INTO kms_key VALUES (?, ?, ?, ?, ?, NULL)")
    .run(id, description, Number(enabled), material, clock.now());
}

/** A key by its id; undefined also for one whose deletion is due, whoever has yet to remove it. */
export function findKey({ store, clock }: World, id: string): Key | undefined {
  const sql = "SELECT * FROM kms_key WHERE id = ? AND (deletionAt IS NULL OR deletionAt > ?)";
  return store.statement(sql).get(id, clock.now()) as unknown as Key | undefined;
}

/** Every key, by id. */
export function allKeys({ store, clock }: World): readonly Key[] {
  const sql = "SELECT * FROM kms_key WHERE deletionAt IS NULL OR deletionAt > ? ORDER BY id";
  return store.statement(sql).all(clock.now()) as unknown as Key[];
}

/** The key that an id, an ARN, an alias or an alias's ARN means. @throws NotFoundException */
export function requestedKey(world: World, given: string): Key {
  const text = given.replace(new RegExp(`^arn:aws:kms:${world.region}:${world.accountId}:(?:key/)?`), "");
  if (!text.startsWith("alias/")) {
    const key = findKey(world, text);
    if (key) return key;
    throw notFound(`Key '${given.startsWith("arn:") ? given : keyArn(world, given)}' does not exist`);
  }
  const alias = world.store.statement("SELECT keyId FROM kms_alias WHERE name = ?").get(text);
  const key = alias && findKey(world, String(alias["keyId"]));
  if (key) return key;
  throw notFound(`Alias ${aliasArn(world, text)} is not found.`);
}

/** The same, of a key that can be used. @throws NotFoundException, DisabledException or KMSInvalidStateException */
export function usableKey(world: World, given: string): Key {
  const key = requestedKey(world, given);
  if (key.deletionAt !== null) throw pendingDeletion(world, key);
  if (key.enabled === 1) return key;
  throw new ServiceError("DisabledException", `${keyArn(world, key.id)} is disabled.`);
}

/** The refusal of what a key that is to be deleted cannot do. */
export function pendingDeletion(world: World, { id }: Key): ServiceError {
  return new ServiceError("KMSInvalidStateException", `${keyArn(world, id)} is pending deletion.`);
}

function notFound(message: string): ServiceError {
  return new ServiceError("NotFoundException", message);
}

export function keyArn({ region, accountId }: Pick<World, "accountId" | "region">, id: string): string {
  return `arn:aws:kms:${region}:${accountId}:key/${id}`;
}

export function aliasArn({ region, accountId }: Pick<World, "accountId" | "region">, name: string): string {
  return `arn:aws:kms:${region}:${accountId}:${name}`;
}

/** A key as DescribeKey shows it (KeyMetadata). */
export function shownKey(world: World, { id, description, enabled, createdAt, deletionAt }: Key): Members {
  const isUsable = enabled === 1 && deletionAt === null;
  const state = deletionAt === null ? (isUsable ? "Enabled" : "Disabled") : "PendingDeletion";
  return {
    AWSAccountId: world.accountId,
    KeyId: id,
    Arn: keyArn(world, id),
    CreationDate: new Timestamp(createdAt),
    Enabled: isUsable,
    Description: description,
    KeyUsage: "ENCRYPT_DECRYPT",
    KeyState: state,
    ...(deletionAt !== null && { DeletionDate: new Timestamp(deletionAt) }),
    Origin: "AWS_KMS",
    KeyManager: "CUSTOMER",
    CustomerMasterKeySpec: "SYMMETRIC_DEFAULT",
    KeySpec: "SYMMETRIC_DEFAULT",
    EncryptionAlgorithms: ["SYMMETRIC_DEFAULT"],
    ...showRegions(world, id),
  };
}

function showRegions(world: World, id: string): Members {
  if (!isMultiRegion(id)) return { MultiRegion: false };
  const replica = world.store.statement("SELECT primaryRegion FROM kms_replica WHERE id = ?").get(id);
  const region = String(replica?.["primaryRegion"] ?? world.region);
  const PrimaryKey = { Arn: keyArn({ ...world, region }, id), Region: region };
  const MultiRegionKeyType = replica ? "REPLICA" : "PRIMARY";
  return { MultiRegion: true, MultiRegionConfiguration: { MultiRegionKeyType, PrimaryKey } };
}
