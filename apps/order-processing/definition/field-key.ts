import { CfnOutput, RemovalPolicy, type Stack } from "aws-cdk-lib";
import { AccountRootPrincipal, PolicyDocument, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { CfnReplicaKey, type IKey, Key } from "aws-cdk-lib/aws-kms";
import { named } from "../names.ts";
import type { OtherRegion } from "./other-region.ts";

const WHAT_FOR = "Encrypts the data keys of what is personal in orders.";

/** Defines the key of what is personal. Where there is another region it is one of both, so that each opens what the other has sealed. */
export function defineFieldKey(stack: Stack, other?: OtherRegion): IKey {
  if (other?.replicated) return replicaOf(stack, other.replicated.fieldKey);
  const key = new Key(stack, "FieldKey", {
    alias: named("fields"),
    description: WHAT_FOR,
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.DESTROY,
    ...(other && { multiRegion: true }),
  });
  if (other) new CfnOutput(stack, "FieldKeyArn", { value: key.keyArn, description: "For the second region." });
  return key;
}

function replicaOf(stack: Stack, primaryKeyArn: string): IKey {
  const administered = new PolicyStatement({
    principals: [new AccountRootPrincipal()],
    actions: ["kms:*"],
    resources: ["*"],
  });
  const replica = new CfnReplicaKey(stack, "FieldKeyReplica", {
    primaryKeyArn,
    description: WHAT_FOR,
    keyPolicy: new PolicyDocument({ statements: [administered] }),
  });
  replica.applyRemovalPolicy(RemovalPolicy.DESTROY);
  return Key.fromKeyArn(stack, "FieldKey", replica.attrArn);
}
