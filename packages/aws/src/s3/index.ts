export { type ClaimCheckOptions, claimCheck } from "./claim-check.ts";
export { type S3BodiesOptions, s3Bodies } from "./s3-bodies.ts";
