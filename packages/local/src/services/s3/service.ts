import type { Action, Service, World } from "../../kernel/service.ts";
import { abortMultipartUpload } from "./actions/abort-multipart-upload.ts";
import { deleteBucketSetting, getBucketSetting, putBucketSetting } from "./actions/bucket-setting.ts";
import { completeMultipartUpload } from "./actions/complete-multipart-upload.ts";
import { copyObject } from "./actions/copy-object.ts";
import { createBucket } from "./actions/create-bucket.ts";
import { createMultipartUpload } from "./actions/create-multipart-upload.ts";
import { deleteBucket } from "./actions/delete-bucket.ts";
import { deleteObject } from "./actions/delete-object.ts";
import { deleteObjects } from "./actions/delete-objects.ts";
import { getBucketLocation } from "./actions/get-bucket-location.ts";
import { getObject } from "./actions/get-object.ts";
import { headBucket } from "./actions/head-bucket.ts";
import { headObject } from "./actions/head-object.ts";
import { listBuckets } from "./actions/list-buckets.ts";
import { listMultipartUploads } from "./actions/list-multipart-uploads.ts";
import { listObjectVersions } from "./actions/list-object-versions.ts";
import { listObjects } from "./actions/list-objects.ts";
import { listObjectsV2 } from "./actions/list-objects-v2.ts";
import { listParts } from "./actions/list-parts.ts";
import { putBucketNotificationConfiguration } from "./actions/put-bucket-notification-configuration.ts";
import { putObject } from "./actions/put-object.ts";
import { uploadPart } from "./actions/upload-part.ts";
import { openBlobs } from "./blobs.ts";
import { createEventOutbox } from "./event-outbox.ts";
import { createLifecycleRounds } from "./lifecycle-rounds.ts";
import { bucketProvider } from "./resources.ts";
import { s3Routes } from "./routes.ts";
import type { S3 } from "./s3.ts";
import { SCHEMA } from "./schema.ts";
import { SETTINGS } from "./settings.ts";

const NO_VERSIONS = "buckets have no versions";
const UNCHECKED = "kept and shown; access is not checked";
const DESCRIBED = "no ACLs, tags, customer keys or object locks; storage class and encryption are kept and shown";

const PARTLY: Readonly<Record<string, string>> = {
  CopyObject: DESCRIBED,
  CreateBucket: "no ACLs and no object lock",
  CreateMultipartUpload: DESCRIBED,
  DeleteObject: NO_VERSIONS,
  DeleteObjects: NO_VERSIONS,
  GetObject: `${NO_VERSIONS}; no part numbers and no customer keys`,
  HeadObject: `${NO_VERSIONS}; no part numbers and no customer keys`,
  ListMultipartUploads: "no delimiter",
  ListObjectVersions: `each object is its one version: ${NO_VERSIONS}`,
  PutBucketEncryption: "kept and shown; nothing is encrypted",
  PutBucketLifecycleConfiguration:
    "carried out each midnight UTC; objects have neither tags nor versions, so rules for those cover nothing",
  PutBucketNotificationConfiguration: "to queues and functions; the events of objects that are created or removed",
  PutBucketOwnershipControls: UNCHECKED,
  PutBucketPolicy: UNCHECKED,
  PutBucketVersioning: `always refused: ${NO_VERSIONS}`,
  PutObject: DESCRIBED,
  PutPublicAccessBlock: UNCHECKED,
};

/** Amazon S3: general purpose buckets without versions. */
export function s3Service(world: World): Service {
  world.store.define(SCHEMA);
  const s3: S3 = { world, blobs: openBlobs(world), outbox: createEventOutbox(world) };
  const actions = actionsOf(s3);
  const lifecycles = createLifecycleRounds(s3);
  return {
    name: "s3",
    actions,
    partly: PARTLY,
    rest: { routes: s3Routes(world, actions), errors: "xml", takesEveryPath: true },
    resources: { "AWS::S3::Bucket": bucketProvider(s3) },
    start: () => {
      s3.outbox.resume();
      lifecycles.start();
    },
    underWay: () => [...s3.outbox.underWay(), ...lifecycles.underWay()],
    stop: async () => {
      await lifecycles.stop();
      await s3.outbox.stop();
    },
  };
}

function actionsOf(s3: S3): Record<string, Action> {
  return {
    ...settingActions(s3),
    AbortMultipartUpload: abortMultipartUpload(s3),
    CompleteMultipartUpload: completeMultipartUpload(s3),
    CopyObject: copyObject(s3),
    CreateBucket: createBucket(s3),
    CreateMultipartUpload: createMultipartUpload(s3),
    DeleteBucket: deleteBucket(s3),
    DeleteObject: deleteObject(s3),
    DeleteObjects: deleteObjects(s3),
    GetBucketLocation: getBucketLocation(s3),
    GetObject: getObject(s3),
    HeadBucket: headBucket(s3),
    HeadObject: headObject(s3),
    ListBuckets: listBuckets(s3),
    ListMultipartUploads: listMultipartUploads(s3),
    ListObjectVersions: listObjectVersions(s3),
    ListObjects: listObjects(s3),
    ListObjectsV2: listObjectsV2(s3),
    ListParts: listParts(s3),
    PutBucketNotificationConfiguration: putBucketNotificationConfiguration(s3),
    PutObject: putObject(s3),
    UploadPart: uploadPart(s3),
  };
}

function settingActions(s3: S3): Record<string, Action> {
  const entries = SETTINGS.flatMap((setting) => [
    [`Put${setting.name}`, putBucketSetting(s3, setting)],
    [`Get${setting.name}`, getBucketSetting(s3, setting)],
    ...(setting.deleteAction ? [[setting.deleteAction, deleteBucketSetting(s3, setting)]] : []),
  ]);
  return Object.fromEntries(entries);
}
