import type { Action, Members, World } from "../../kernel/service.ts";
import { ServiceError } from "../../kernel/service-error.ts";
import { Timestamp } from "../../kernel/timestamp.ts";
import { optionalText, requiredText } from "../scheduler/input.ts";
import { type Alias, aliasArn, pendingDeletion, requestedKey } from "./key.ts";
import { pageOf } from "./page.ts";

/** The actions on aliases. */
export function aliasActions(world: World): Record<string, Action> {
  const { store } = world;
  return {
    CreateAlias: async (input) => {
      const name = readAliasName(input);
      await store.transaction(() => {
        if (findAlias(world, name)) {
          throw new ServiceError(
            "AlreadyExistsException",
            `An alias with the name ${aliasArn(world, name)} already exists`,
          );
        }
        putAlias(world, name, requiredText(input, "TargetKeyId"));
      });
      return {};
    },
    UpdateAlias: async (input) => {
      const name = readAliasName(input);
      await store.transaction(() => {
        requireAlias(world, name);
        putAlias(world, name, requiredText(input, "TargetKeyId"));
      });
      return {};
    },
    DeleteAlias: async (input) => {
      const name = readAliasName(input);
      await store.transaction(() => {
        requireAlias(world, name);
        removeAlias(world, name);
      });
      return {};
    },
    ListAliases: (input) => {
      const given = optionalText(input, "KeyId");
      const keyId = given === undefined ? undefined : requestedKey(world, given).id;
      const all = store.statement("SELECT * FROM kms_alias ORDER BY name").all() as unknown as Alias[];
      const found = all.filter((alias) => keyId === undefined || alias.keyId === keyId);
      const { page, next } = pageOf(found, ({ name }) => name, input);
      return { Aliases: page.map((alias) => shownAlias(world, alias)), ...next };
    },
  };
}

/** Points an alias at a key, in a transaction of the caller's. @throws NotFoundException or KMSInvalidStateException for its key */
export function putAlias(world: World, name: string, keyId: string): void {
  const key = requestedKey(world, keyId);
  if (key.deletionAt !== null) throw pendingDeletion(world, key);
  const now = world.clock.now();
  world.store
    .statement(
      `INSERT INTO kms_alias VALUES (?, ?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET keyId = excluded.keyId, updatedAt = excluded.updatedAt`,
    )
    .run(name, key.id, now, now);
}

/** Removes an alias, in a transaction of the caller's; one that is not there is no error. */
export function removeAlias({ store }: World, name: string): void {
  store.statement("DELETE FROM kms_alias WHERE name = ?").run(name);
}

/** @throws InvalidAliasNameException or ValidationException */
export function readAliasName(input: Members): string {
  const name = requiredText(input, "AliasName");
  if (!name.startsWith("alias/")) {
    throw new ServiceError(
      "ValidationException",
      'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
    );
  }
  if (/^alias\/aws\//.test(name)) throw new ServiceError("NotAuthorizedException", "");
  if (/^alias\/[\w/-]{1,250}$/.test(name)) return name;
  throw new ServiceError(
    "InvalidAliasNameException",
    `The alias ${JSON.stringify(name)} takes letters, digits, '/', '_' and '-', 256 characters at most.`,
  );
}

function findAlias({ store }: World, name: string): unknown {
  return store.statement("SELECT 1 FROM kms_alias WHERE name = ?").get(name);
}

function requireAlias(world: World, name: string): void {
  if (!findAlias(world, name)) {
    throw new ServiceError("NotFoundException", `Alias ${aliasArn(world, name)} is not found.`);
  }
}

function shownAlias(world: World, { name, keyId, createdAt, updatedAt }: Alias): Members {
  return {
    AliasName: name,
    AliasArn: aliasArn(world, name),
    TargetKeyId: keyId,
    CreationDate: new Timestamp(createdAt),
    LastUpdatedDate: new Timestamp(updatedAt),
  };
}
