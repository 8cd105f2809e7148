import type { Service, World } from "../../kernel/service.ts";
import { aliasActions } from "./alias-actions.ts";
import { cryptographicActions } from "./cryptographic-actions.ts";
import { SCHEMA } from "./key.ts";
import { keyActions } from "./key-actions.ts";
import { aliasProvider, keyProvider, replicaKeyProvider } from "./resources.ts";

/** AWS Key Management Service: symmetric keys, whose material is in the region's own state. */
export function kmsService(world: World): Service {
  world.store.define(SCHEMA);
  return {
    name: "kms",
    actions: { ...aliasActions(world), ...cryptographicActions(world), ...keyActions(world) },
    partly: {
      CreateKey: "symmetric keys for encryption; `Policy` and `Tags` are taken and not shown",
      Decrypt: "no grant tokens, and no dry runs",
      DescribeKey: "no grant tokens",
      Encrypt: "no grant tokens, and no dry runs",
      GenerateDataKey: "no grant tokens, and no recipient",
      GenerateDataKeyWithoutPlaintext: "no grant tokens",
      ReEncrypt: "no grant tokens",
    },
    json: { targetPrefix: "TrentService", version: "1.1", errorNamespace: "com.amazonaws.kms" },
    resources: {
      "AWS::KMS::Alias": aliasProvider(world),
      "AWS::KMS::Key": keyProvider(world),
      "AWS::KMS::ReplicaKey": replicaKeyProvider(world),
    },
  };
}
