import { elements } from "../../kernel/protocol/rest-xml.ts";
import type { Members } from "../../kernel/service.ts";
import type { Bucket } from "./bucket.ts";
import { malformedXml, notImplemented, s3Error } from "./errors.ts";
import { structure } from "./input.ts";
import { checkLifecycle } from "./lifecycle.ts";

/** A configuration of buckets that is put, got and deleted as a whole. */
export interface Setting {
  /** As in `PutBucketTagging`, `GetBucketTagging`. */
  readonly name: string;
  /** The query parameter that names it in a URL. */
  readonly subresource: string;
  /** The root element of its document, and the member that carries it. */
  readonly root: string;
  /** @default there is no such action */
  readonly deleteAction?: string;
  /** The error, with its message, of asking for one that is not there. @default `initial` is answered */
  readonly missing?: readonly [code: string, message: string];
  /** What a bucket has that was never given one. */
  readonly initial?: Members;
  /** Refuses what S3 refuses, and what the local region does not carry out, by name. */
  readonly check?: (value: Members) => void;
  /** Its document is a JSON text, kept as it is. */
  readonly json?: true;
}

export const SETTINGS: readonly Setting[] = [
  {
    name: "BucketEncryption",
    subresource: "encryption",
    root: "ServerSideEncryptionConfiguration",
    deleteAction: "DeleteBucketEncryption",
    initial: { Rule: { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" }, BucketKeyEnabled: false } },
  },
  {
    name: "PublicAccessBlock",
    subresource: "publicAccessBlock",
    root: "PublicAccessBlockConfiguration",
    deleteAction: "DeletePublicAccessBlock",
    missing: ["NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found"],
    initial: { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true },
  },
  {
    name: "BucketOwnershipControls",
    subresource: "ownershipControls",
    root: "OwnershipControls",
    deleteAction: "DeleteBucketOwnershipControls",
    missing: ["OwnershipControlsNotFoundError", "The bucket ownership controls were not found"],
    initial: { Rule: { ObjectOwnership: "BucketOwnerEnforced" } },
  },
  {
    name: "BucketTagging",
    subresource: "tagging",
    root: "Tagging",
    deleteAction: "DeleteBucketTagging",
    missing: ["NoSuchTagSet", "The TagSet does not exist"],
    check: checkTags,
  },
  {
    name: "BucketLifecycleConfiguration",
    subresource: "lifecycle",
    root: "LifecycleConfiguration",
    deleteAction: "DeleteBucketLifecycle",
    missing: ["NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"],
    check: checkLifecycle,
  },
  { name: "BucketVersioning", subresource: "versioning", root: "VersioningConfiguration", check: refuseVersions },
  { name: "BucketNotificationConfiguration", subresource: "notification", root: "NotificationConfiguration" },
  {
    name: "BucketPolicy",
    subresource: "policy",
    root: "Policy",
    json: true,
    deleteAction: "DeleteBucketPolicy",
    missing: ["NoSuchBucketPolicy", "The bucket policy does not exist"],
    check: checkPolicy,
  },
];

/** What a bucket has of a setting, by its root element; undefined where it has none. */
export function settingOf({ settings }: Bucket, root: string): Members | undefined {
  const value = settings[root];
  if (value === null) return undefined;
  return value ?? SETTINGS.find((each) => each.root === root)?.initial;
}

/** What a request puts. @throws MalformedXML and what the setting's own check refuses */
export function readSetting({ json, root, check }: Setting, given: unknown): Members {
  const value = json ? { [root]: String(given ?? "") } : structure(given);
  check?.(value);
  return value;
}

function checkTags({ TagSet }: Members): void {
  const tags = elements((TagSet as Members | undefined)?.["Tag"]) as { Key?: unknown; Value?: unknown }[];
  const keys = tags.map(({ Key }) => Key);
  if (tags.some(({ Key, Value }) => typeof Key !== "string" || typeof Value !== "string")) throw malformedXml();
  if (new Set(keys).size < keys.length) {
    throw s3Error("InvalidTag", "Cannot provide multiple Tags with the same key");
  }
}

function refuseVersions({ Status }: Members): void {
  throw notImplemented(`versioning (Status ${String(Status)})`);
}

function checkPolicy({ Policy }: Members): void {
  try {
    structure(JSON.parse(String(Policy)));
  } catch {
    throw s3Error("MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'");
  }
}
