import type { Resource, ResourceProvider, ResourceRequest } from "../kernel/resource.ts";
import type { Members, World } from "../kernel/service.ts";

/**
 * The custom resources that CDK itself makes, by type: what their functions would do is done directly. A service can bring further
 * ones, like any other type.
 */
export function customResources(call: World["call"]): Readonly<Record<string, ResourceProvider>> {
  return { "Custom::LogRetention": logRetention(call) };
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

/** Takes one refusal as done: it says that the call was made before. */
async function passOver(answer: Promise<Members>, code: string): Promise<void> {
  await answer.catch((error: { readonly code?: string }) => {
    if (error.code !== code) throw error;
  });
}
