import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Resource, ResourceProvider, ResourceRequest } from "../../../kernel/resource.ts";
import type { World } from "../../../kernel/service.ts";
import { notServed } from "../errors.ts";
import { type StoredCode, storeCode } from "../functions/function-code.ts";
import { requestedName } from "../functions/function-name.ts";
import { type FunctionRecord, functionArn } from "../functions/function-record.ts";
import { defaultSettings, readSettings } from "../functions/function-settings.ts";
import { deleteFunctionRow, findFunction, writeFunction } from "../functions/function-table.ts";
import { checkReservation } from "../functions/reserved-concurrency.ts";
import { integerWithin, optionalStructure, refuseOthers, requiredText } from "../input.ts";
import type { Lambda } from "../lambda.ts";

/** `AWS::Lambda::Function`: its code is copied, and its environments are replaced where code or settings have changed. */
export function functionProvider({ world, pool }: Lambda): ResourceProvider {
  return {
    supported: [
      "Code",
      "DeadLetterConfig",
      "Description",
      "Environment",
      "FunctionName",
      "Handler",
      "LoggingConfig",
      "MemorySize",
      "PackageType",
      "ReservedConcurrentExecutions",
      "Runtime",
      "Tags",
      "Timeout",
      "TracingConfig",
    ],
    kept: {
      Architectures: "functions run on this machine's own",
      EphemeralStorage: "the size of the machine's temporary directory is not limited",
      KmsKeyArn: "the local state is not encrypted",
      RecursiveLoop: "recursive loops are not looked for",
      Role: "permissions are not checked",
      RuntimeManagementConfig: "functions run on the region's own version of Node",
      VpcConfig: "functions run on this machine's network",
    },
    put: async (request) => {
      const name = requestedName({ FunctionName: request.properties["FunctionName"] ?? request.name });
      const code = storeCode(world.store.directory, codeSource(request));
      const changed = await world.store.transaction(() => putFunction(world, name, request, code));
      if (changed) pool.retire(name);
      return { ref: name, attributes: { Arn: functionArn(world, name) } };
    },
    remove: async ({ ref }: Resource) => {
      await world.store.transaction(() => deleteFunctionRow(world.store, ref));
      pool.retire(ref);
    },
  };
}

function codeSource({ properties, asset }: ResourceRequest): string {
  if ((properties["PackageType"] ?? "Zip") !== "Zip") throw notServed(`the PackageType ${properties["PackageType"]}`);
  const code = optionalStructure(properties, "Code") ?? {};
  refuseOthers(code, ["S3Bucket", "S3Key"], "Code");
  return asset(requiredText(code, "S3Key"));
}

/** Returns whether environments that run are out of date. */
function putFunction(world: World, name: string, { properties }: ResourceRequest, code: StoredCode): boolean {
  const reservedConcurrency = integerWithin(properties, "ReservedConcurrentExecutions", 0, Number.MAX_SAFE_INTEGER);
  checkReservation(world, name, reservedConcurrency);
  const wanted = {
    ...readSettings(properties, defaultSettings(name)),
    name,
    codeHash: code.hash,
    codeBytes: code.bytes,
    reservedConcurrency,
    tags: readTags(properties["Tags"]),
  };
  const before = findFunction(world.store, name);
  if (before && isSame(before, wanted)) return false;
  writeFunction(world.store, { ...wanted, revision: randomUUID(), modifiedMs: world.clock.now() });
  return true;
}

function isSame(before: FunctionRecord, wanted: Omit<FunctionRecord, "modifiedMs" | "revision">): boolean {
  const { revision, modifiedMs, ...kept } = before;
  return isDeepStrictEqual(kept, JSON.parse(JSON.stringify(wanted)));
}

function readTags(tags: unknown): Record<string, string> {
  const list = (tags ?? []) as readonly { readonly Key: string; readonly Value: string }[];
  return Object.fromEntries(list.map(({ Key, Value }) => [Key, String(Value)]));
}
