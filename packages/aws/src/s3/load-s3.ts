/** Loads the client of S3 when the first body needs it: most functions never see one. */
export function loadS3(): Promise<typeof import("@aws-sdk/client-s3")> {
  return import("@aws-sdk/client-s3");
}
