import type { Action } from "../../../kernel/service.ts";
import { changeSettings, requestedBucket } from "../bucket.ts";
import { s3Error } from "../errors.ts";
import type { S3 } from "../s3.ts";
import { readSetting, type Setting, settingOf } from "../settings.ts";

/** `Put…` of a configuration, which takes the place of the one before. */
export function putBucketSetting({ world }: S3, setting: Setting): Action {
  return async (input) => {
    const value = readSetting(setting, input[setting.root]);
    await world.store.transaction(() =>
      changeSettings(world.store, requestedBucket(world, input), { [setting.root]: value }),
    );
    return {};
  };
}

/** `Get…` of a configuration, as it was put. */
export function getBucketSetting({ world }: S3, { root, missing }: Setting): Action {
  return (input) => {
    const bucket = requestedBucket(world, input);
    const value = settingOf(bucket, root);
    if (value !== undefined || missing === undefined) return value ?? {};
    throw s3Error(missing[0], missing[1], 404, { BucketName: bucket.name });
  };
}

/** `Delete…` of a configuration; where a bucket always has one, its first one is back. */
export function deleteBucketSetting({ world }: S3, { root, missing }: Setting): Action {
  return async (input) => {
    await world.store.transaction(() =>
      changeSettings(world.store, requestedBucket(world, input), { [root]: missing === undefined ? undefined : null }),
    );
    return {};
  };
}
