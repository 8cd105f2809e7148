import { elements } from "../kernel/protocol/rest-xml.ts";
import type { ResourceProvider } from "../kernel/resource.ts";
import type { Members, World } from "../kernel/service.ts";
import { DefinitionError } from "./definition-error.ts";
import { passOver } from "./pass-over.ts";

/** `addEventNotification`: the notifications of a bucket that the app defines (aws-cdk-lib/aws-s3). */
export function bucketNotifications(call: World["call"]): ResourceProvider {
  const put = (Bucket: string, more: Members): Promise<Members> =>
    call("s3", "PutBucketNotificationConfiguration", { Bucket, ...more });
  return {
    supported: ["BucketName", "Managed", "NotificationConfiguration", "ServiceToken", "SkipDestinationValidation"],
    put: async ({ properties }) => {
      const { BucketName, Managed = true, NotificationConfiguration, SkipDestinationValidation } = properties;
      if (String(Managed) !== "true") {
        const advice = "set them where the bucket is defined, or put them by a script";
        throw new DefinitionError("unsupported", `notifications of an imported bucket are not supported: ${advice}`);
      }
      await put(String(BucketName), { NotificationConfiguration, SkipDestinationValidation });
      return { ref: String(BucketName), attributes: {} };
    },
    remove: ({ ref }) => passOver(put(ref, { NotificationConfiguration: {} }), "NoSuchBucket"),
  };
}

/** The tag of the buckets that may be emptied; without it, a bucket that stays keeps its objects (aws-cdk-lib/aws-s3). */
const TAG = "aws-cdk:auto-delete-objects";

/** `autoDeleteObjects`: a bucket goes with its objects. CDK's function bars writers first; here the bucket goes at once. */
export function bucketAutoDelete(call: World["call"]): ResourceProvider {
  return {
    supported: ["BucketName", "ServiceToken"],
    put: async ({ properties }) => ({ ref: String(properties["BucketName"]), attributes: {} }),
    remove: ({ ref }) => passOver(deleteTagged(call, ref), "NoSuchBucket", "NoSuchTagSet"),
  };
}

async function deleteTagged(call: World["call"], Bucket: string): Promise<void> {
  const { TagSet } = await call("s3", "GetBucketTagging", { Bucket });
  const tags = elements((TagSet as Members | undefined)?.["Tag"]) as Members[];
  if (!tags.some(({ Key, Value }) => Key === TAG && Value === "true")) return;
  for (;;) {
    const { Version } = await call("s3", "ListObjectVersions", { Bucket });
    const objects = elements(Version) as Members[];
    if (objects.length > 0) await deleteObjects(call, Bucket, objects);
    else if (await isDeleted(call, Bucket)) return;
  }
}

async function deleteObjects(call: World["call"], Bucket: string, objects: readonly Members[]): Promise<void> {
  const Delete = { Objects: objects.map(({ Key, VersionId }) => ({ Key, VersionId })), Quiet: true };
  const { Error: errors } = await call("s3", "DeleteObjects", { Bucket, Delete });
  const [error] = elements(errors) as Members[];
  if (error) throw new Error(`the object ${error["Key"]} cannot be deleted: ${error["Message"]}`);
}

/** False where somebody wrote an object meanwhile. */
async function isDeleted(call: World["call"], Bucket: string): Promise<boolean> {
  try {
    await call("s3", "DeleteBucket", { Bucket });
    return true;
  } catch (error) {
    if ((error as { readonly code?: string }).code === "BucketNotEmpty") return false;
    throw error;
  }
}
