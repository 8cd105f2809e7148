import type { Resource, ResourceProvider, ResourceRequest } from "../kernel/resource.ts";
import type { World } from "../kernel/service.ts";

import { bucketAutoDelete, bucketNotifications } from "./bucket-resources.ts";
import { passOver } from "./pass-over.ts";

/**
 * The custom resources that CDK itself makes, by type: what their functions would do is done directly. A service can bring further
 * ones, like any other type.
 */
export function customResources(call: World["call"]): Readonly<Record<string, ResourceProvider>> {
  return {
    "Custom::LogRetention": logRetention(call),
    "Custom::S3AutoDeleteObjects": bucketAutoDelete(call),
    "Custom::S3BucketNotifications": bucketNotifications(call),
  };
}

/** Sets the retention of a function's log group, which it creates where the function has not logged yet (aws-cdk-lib/aws-logs). */
function logRetention(call: World["call"]): ResourceProvider {
  return {
    supported: ["LogGroupName", "LogGroupRegion", "RemovalPolicy", "RetentionInDays", "SdkRetry", "ServiceToken"],
    put: async ({ properties }: ResourceRequest): Promise<Resource> => {
      const logGroupName = String(properties["LogGroupName"]);
      await passOver(call("logs", "CreateLogGroup", { logGroupName }), "ResourceAlreadyExistsException");
      const retentionInDays = properties["RetentionInDays"];
      await (retentionInDays === undefined
        ? call("logs", "DeleteRetentionPolicy", { logGroupName })
        : call("logs", "PutRetentionPolicy", { logGroupName, retentionInDays }));
      const removalPolicy = String(properties["RemovalPolicy"] ?? "retain");
      return { ref: logGroupName, attributes: { LogGroupName: logGroupName, RemovalPolicy: removalPolicy } };
    },
    remove: async ({ ref, attributes }) => {
      if (attributes["RemovalPolicy"] !== "destroy") return;
      await passOver(call("logs", "DeleteLogGroup", { logGroupName: ref }), "ResourceNotFoundException");
    },
  };
}
