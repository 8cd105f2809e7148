import { elements } from "../../../kernel/protocol/rest-xml.ts";
import type { Action, Members } from "../../../kernel/service.ts";
import { findBucket, insertBucket } from "../bucket.ts";
import { s3Error } from "../errors.ts";
import { optionalText } from "../input.ts";
import type { S3 } from "../s3.ts";

/** CreateBucket; in us-east-1 a repeat succeeds, elsewhere it is refused (API reference). */
export function createBucket({ world }: S3): Action {
  return async (input) => {
    const name = optionalText(input, "Bucket") ?? "";
    const [configuration] = elements(input["CreateBucketConfiguration"]) as Members[];
    const location = configuration?.["LocationConstraint"] ?? "us-east-1";
    if (location !== world.region) {
      const message = `The ${location} location constraint is incompatible for the region specific endpoint this request was sent to.`;
      throw s3Error("IllegalLocationConstraintException", message);
    }
    await world.store.transaction(() => {
      if (!findBucket(world.store, name)) insertBucket(world, name);
      else if (world.region !== "us-east-1") throw alreadyOwned(name);
    });
    return { Location: `/${name}` };
  };
}

function alreadyOwned(BucketName: string): Error {
  const message = "Your previous request to create the named bucket succeeded and you already own it.";
  return s3Error("BucketAlreadyOwnedByYou", message, 409, { BucketName });
}
