import { createActivity } from "../../kernel/activity.ts";
import type { Members } from "../../kernel/service.ts";
import type { Blob } from "./blobs.ts";
import { type Bucket, findBucket } from "./bucket.ts";
import { isUploadOver, lifecycleAction } from "./lifecycle-actions.ts";
import { findObject, readSummary, removeObject, replaceObject } from "./object.ts";
import type { S3 } from "./s3.ts";
import { settingOf } from "./settings.ts";
import { forgetUpload, partsOf, readUpload } from "./upload.ts";
import { commitContent } from "./write-object.ts";

const DAY_MS = 86_400_000;

/** Carries out the lifecycles of all buckets. */
export interface LifecycleRounds {
  /** A first round at once, then one at each midnight UTC of the region's time, or right after a jump over it. */
  start(): void;
  underWay(): readonly string[];
  stop(): Promise<void>;
}

export function createLifecycleRounds(s3: S3): LifecycleRounds {
  const { store, clock, report } = s3.world;
  const activity = createActivity();
  let cancel = (): void => {};
  let running: Promise<void> = Promise.resolve();
  let open = false;
  const round = async (): Promise<void> => {
    const end = activity.begin("a round of lifecycles");
    cancel = clock.at((Math.floor(clock.now() / DAY_MS) + 1) * DAY_MS, next);
    try {
      for (const row of store.statement("SELECT name FROM s3_bucket").all()) {
        if (open) await commitContent(s3, [], () => ({ answer: undefined, dropped: tidy(s3, String(row["name"])) }));
      }
    } catch (error) {
      report(`Lifecycles are carried out at the next midnight: ${String(error)}`);
    } finally {
      end();
    }
  };
  const next = (): void => {
    running = running.then(round);
  };
  return {
    start: () => {
      open = true;
      next();
    },
    underWay: activity.underWay,
    stop: async () => {
      open = false;
      cancel();
      await running;
      cancel();
    },
  };
}

/** What is due in one bucket, in a transaction of the caller's; returns the files that no row names any more. */
function tidy(s3: S3, name: string): readonly Blob[] {
  const bucket = findBucket(s3.world.store, name);
  const configuration = bucket && settingOf(bucket, "LifecycleConfiguration");
  if (!bucket || !configuration) return [];
  return [...tidyObjects(s3, bucket, configuration), ...tidyUploads(s3, bucket, configuration)];
}

function tidyObjects({ world }: S3, bucket: Bucket, configuration: Members): Blob[] {
  const { store, clock } = world;
  const rows = store
    .statement("SELECT key, etag, sizeBytes, modifiedAt, description FROM s3_object WHERE bucketId = ?")
    .all(bucket.id);
  return rows.flatMap((row) => {
    const action = lifecycleAction(configuration, readSummary(row), clock.now());
    if (action?.kind === "expire") return removeObject(store, bucket, String(row["key"]))?.blobs ?? [];
    const found = action && findObject(store, bucket, String(row["key"]));
    if (found) {
      replaceObject(store, bucket, {
        ...found,
        description: { ...found.description, StorageClass: action.storageClass },
      });
    }
    return [];
  });
}

function tidyUploads({ world }: S3, bucket: Bucket, configuration: Members): Blob[] {
  const rows = world.store.statement("SELECT * FROM s3_upload WHERE bucketId = ?").all(bucket.id);
  return rows.map(readUpload).flatMap((upload) => {
    if (!isUploadOver(configuration, upload.key, upload.startedAt, world.clock.now())) return [];
    const dropped = partsOf(world, upload).map(({ blob }) => blob);
    forgetUpload(world, upload);
    return dropped;
  });
}
