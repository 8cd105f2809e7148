import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import type { IQueue } from "aws-cdk-lib/aws-sqs";

/** Grants exactly these actions on one queue, and `keyActions` on its key where it has one of yours: the CDK's own grants give more. */
export function grantOnQueue(
  queue: IQueue,
  grantee: IGrantable,
  actions: readonly string[],
  keyActions: readonly string[],
): Grant {
  const grant = Grant.addToPrincipal({ grantee, actions: [...actions], resourceArns: [queue.queueArn] });
  return queue.encryptionMasterKey && keyActions.length > 0
    ? grant.combine(queue.encryptionMasterKey.grant(grantee, ...keyActions))
    : grant;
}
