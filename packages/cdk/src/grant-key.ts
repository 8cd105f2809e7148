import type { Grant, IGrantable } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";

/** What whoever uses tables and queues with a key of yours needs of it (DynamoDB developer guide, "Managing encryption keys"). */
const KEY_ACTIONS = [
  "kms:Decrypt",
  "kms:DescribeKey",
  "kms:Encrypt",
  "kms:GenerateDataKey",
  "kms:GenerateDataKeyWithoutPlaintext",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
];

/** Lets whoever uses tables and queues with a key of yours use that key, action by action: the CDK's own grant has wildcards. */
export function grantKey(key: IKey, grantee: IGrantable): Grant {
  return key.grant(grantee, ...KEY_ACTIONS);
}
