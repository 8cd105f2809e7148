import { SETTINGS, type Setting } from "./settings.ts";

/** How an action is called over HTTP (each action's page in the API reference). */
export interface Binding {
  readonly action: string;
  readonly method: string;
  /** What its path names. */
  readonly level: "bucket" | "object" | "service";
  /** The query parameter that tells it from the other actions of its method and level. */
  readonly subresource?: string;
  /** The header that does the same. */
  readonly header?: string;
  /** The further query parameters that it takes. */
  readonly query?: readonly string[];
  /** What its body is: the bytes of a member, or a document whose root is the member of this name. @default none */
  readonly body?: { readonly bytes: string } | Document;
  /** What its answer is: the bytes of a member, or a document. @default headers only */
  readonly answer?: { readonly bytes: string } | { readonly document: string };
  /** @default 200 */
  readonly status?: number;
}

/** A document, and whether headers carry its digest (they may carry an object's instead). */
export interface Document {
  readonly document: string;
  readonly digest?: "optional" | "required";
}

/** The members that are headers, in requests and in answers. */
export const HEADER_MEMBERS: Readonly<Record<string, string>> = {
  ACL: "x-amz-acl",
  AcceptRanges: "accept-ranges",
  BucketKeyEnabled: "x-amz-server-side-encryption-bucket-key-enabled",
  BucketRegion: "x-amz-bucket-region",
  CacheControl: "cache-control",
  ChecksumAlgorithm: "x-amz-checksum-algorithm",
  ChecksumCRC32: "x-amz-checksum-crc32",
  ChecksumCRC32C: "x-amz-checksum-crc32c",
  ChecksumCRC64NVME: "x-amz-checksum-crc64nvme",
  ChecksumMode: "x-amz-checksum-mode",
  ChecksumSHA1: "x-amz-checksum-sha1",
  ChecksumSHA256: "x-amz-checksum-sha256",
  ChecksumType: "x-amz-checksum-type",
  ContentDisposition: "content-disposition",
  ContentEncoding: "content-encoding",
  ContentLanguage: "content-language",
  ContentLength: "content-length",
  ContentMD5: "content-md5",
  ContentRange: "content-range",
  ContentType: "content-type",
  CopySource: "x-amz-copy-source",
  CopySourceIfMatch: "x-amz-copy-source-if-match",
  CopySourceIfModifiedSince: "x-amz-copy-source-if-modified-since",
  CopySourceIfNoneMatch: "x-amz-copy-source-if-none-match",
  CopySourceIfUnmodifiedSince: "x-amz-copy-source-if-unmodified-since",
  ETag: "etag",
  ExpectedBucketOwner: "x-amz-expected-bucket-owner",
  Expires: "expires",
  IfMatch: "if-match",
  IfModifiedSince: "if-modified-since",
  IfNoneMatch: "if-none-match",
  IfUnmodifiedSince: "if-unmodified-since",
  LastModified: "last-modified",
  Location: "location",
  MetadataDirective: "x-amz-metadata-directive",
  Range: "range",
  SSEKMSKeyId: "x-amz-server-side-encryption-aws-kms-key-id",
  SdkChecksumAlgorithm: "x-amz-sdk-checksum-algorithm",
  ServerSideEncryption: "x-amz-server-side-encryption",
  SkipDestinationValidation: "x-amz-skip-destination-validation",
  StorageClass: "x-amz-storage-class",
};

/** The headers of S3 that concern the transport only. */
export const TRANSPORT_HEADERS: readonly string[] = [
  "x-amz-content-sha256",
  "x-amz-date",
  "x-amz-decoded-content-length",
  "x-amz-request-payer",
  "x-amz-security-token",
  "x-amz-trailer",
  "x-amz-user-agent",
];

const LIST = ["prefix", "delimiter", "max-keys", "encoding-type"];
const READ = [
  "versionId",
  "response-cache-control",
  "response-content-disposition",
  "response-content-encoding",
  "response-content-language",
  "response-content-type",
  "response-expires",
];

/** Every action that the local region serves over HTTP; the ones with a sub-resource or a header come first. */
export const BINDINGS: readonly Binding[] = [
  ...SETTINGS.flatMap(settingBindings),
  {
    ...on("GET", "bucket", "GetBucketLocation"),
    subresource: "location",
    answer: { document: "LocationConstraint" },
  },
  {
    ...on("GET", "bucket", "ListObjectsV2"),
    subresource: "list-type",
    query: [...LIST, "continuation-token", "start-after", "fetch-owner"],
    answer: { document: "ListBucketResult" },
  },
  {
    ...on("GET", "bucket", "ListObjectVersions"),
    subresource: "versions",
    query: [...LIST, "key-marker", "version-id-marker"],
    answer: { document: "ListVersionsResult" },
  },
  {
    ...on("GET", "bucket", "ListMultipartUploads"),
    subresource: "uploads",
    query: ["prefix", "max-uploads", "key-marker", "upload-id-marker"],
    answer: { document: "ListMultipartUploadsResult" },
  },
  {
    ...on("POST", "bucket", "DeleteObjects"),
    subresource: "delete",
    body: { document: "Delete", digest: "required" },
    answer: { document: "DeleteResult" },
  },
  {
    ...on("POST", "object", "CreateMultipartUpload"),
    subresource: "uploads",
    answer: { document: "InitiateMultipartUploadResult" },
  },
  {
    ...on("POST", "object", "CompleteMultipartUpload"),
    subresource: "uploadId",
    body: { document: "CompleteMultipartUpload" },
    answer: { document: "CompleteMultipartUploadResult" },
  },
  {
    ...on("PUT", "object", "UploadPart"),
    subresource: "uploadId",
    query: ["partNumber"],
    body: { bytes: "Body" },
  },
  {
    ...on("GET", "object", "ListParts"),
    subresource: "uploadId",
    query: ["max-parts", "part-number-marker"],
    answer: { document: "ListPartsResult" },
  },
  { ...on("DELETE", "object", "AbortMultipartUpload"), subresource: "uploadId", status: 204 },
  { ...on("PUT", "object", "CopyObject"), header: "x-amz-copy-source", answer: { document: "CopyObjectResult" } },
  { ...on("GET", "service", "ListBuckets"), answer: { document: "ListAllMyBucketsResult" } },
  { ...on("PUT", "bucket", "CreateBucket"), body: { document: "CreateBucketConfiguration" } },
  { ...on("HEAD", "bucket", "HeadBucket") },
  { ...on("DELETE", "bucket", "DeleteBucket"), status: 204 },
  {
    ...on("GET", "bucket", "ListObjects"),
    query: [...LIST, "marker"],
    answer: { document: "ListBucketResult" },
  },
  { ...on("PUT", "object", "PutObject"), body: { bytes: "Body" } },
  { ...on("GET", "object", "GetObject"), query: READ, answer: { bytes: "Body" } },
  { ...on("HEAD", "object", "HeadObject"), query: READ },
  { ...on("DELETE", "object", "DeleteObject"), query: ["versionId"], status: 204 },
];

function on(method: string, level: Binding["level"], action: string): Pick<Binding, "action" | "level" | "method"> {
  return { method, level, action };
}

function settingBindings({ name, subresource, root, json, deleteAction }: Setting): Binding[] {
  const form = json ? { bytes: root } : ({ document: root, digest: "optional" } as const);
  return [
    { ...on("GET", "bucket", `Get${name}`), subresource, answer: form },
    { ...on("PUT", "bucket", `Put${name}`), subresource, body: form, ...(json && { status: 204 }) },
    ...(deleteAction ? [{ ...on("DELETE", "bucket", deleteAction), subresource, status: 204 }] : []),
  ];
}
