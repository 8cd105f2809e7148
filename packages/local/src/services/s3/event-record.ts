import type { Members, World } from "../../kernel/service.ts";
import { type Bucket, bucketArn, ownerOf } from "./bucket.ts";
import { encodeKey } from "./listing.ts";
import { readNotifications, takers } from "./notification.ts";
import type { ObjectSummary } from "./object.ts";
import type { S3 } from "./s3.ts";
import { settingOf } from "./settings.ts";

/** What happened to an object. */
export interface ObjectEvent {
  /** `ObjectCreated:Put` and its like. */
  readonly name: string;
  readonly requestId: string;
}

/** Writes the notifications of a change to an object, in the change's transaction. */
export function notify({ world, outbox }: S3, bucket: Bucket, event: ObjectEvent, object: ObjectSummary): void {
  const notifications = readNotifications(settingOf(bucket, "NotificationConfiguration") ?? {});
  for (const { id, targetArn } of takers(notifications, `s3:${event.name}`, object.key)) {
    outbox.add(targetArn, { Records: [eventRecord(world, bucket, event, object, id)] });
  }
}

/** A record of the user guide's Event message structure. */
function eventRecord(
  world: World,
  { name }: Bucket,
  event: ObjectEvent,
  { key, sizeBytes: size, etag: eTag }: ObjectSummary,
  configurationId: string,
): Members {
  const principalId = ownerOf(world)["ID"];
  const created = event.name.startsWith("ObjectCreated");
  return {
    eventVersion: "2.1",
    eventSource: "aws:s3",
    awsRegion: world.region,
    eventTime: new Date(world.clock.now()).toISOString(),
    eventName: event.name,
    userIdentity: { principalId },
    requestParameters: { sourceIPAddress: "127.0.0.1" },
    responseElements: { "x-amz-request-id": event.requestId, "x-amz-id-2": event.requestId },
    s3: {
      s3SchemaVersion: "1.0",
      configurationId,
      bucket: { name, ownerIdentity: { principalId }, arn: bucketArn(name) },
      object: { key: encodeKey(key), ...(created && { size, eTag }) },
    },
  };
}

/** What S3 sends to a queue when notifications to it are configured. */
export function testMessage({ clock }: World, bucket: Bucket, requestId: string): Members {
  return {
    Service: "Amazon S3",
    Event: "s3:TestEvent",
    Time: new Date(clock.now()).toISOString(),
    Bucket: bucket.name,
    RequestId: requestId,
    HostId: requestId,
  };
}
