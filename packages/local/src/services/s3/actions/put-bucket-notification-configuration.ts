import type { Action, World } from "../../../kernel/service.ts";
import { changeSettings, requestedBucket } from "../bucket.ts";
import { invalidArgument } from "../errors.ts";
import { testMessage } from "../event-record.ts";
import { structure } from "../input.ts";
import { type Notification, notificationMembers, readNotifications } from "../notification.ts";
import type { S3 } from "../s3.ts";

/** PutBucketNotificationConfiguration: the targets must be there unless the check is skipped, and queues get a test message. */
export function putBucketNotificationConfiguration({ world, outbox }: S3): Action {
  return async (input, { requestId }) => {
    requestedBucket(world, input);
    const notifications = readNotifications(structure(input["NotificationConfiguration"]));
    const checked = String(input["SkipDestinationValidation"]) === "true" ? [] : notifications;
    for (const each of checked) await requireTarget(world, each);
    await world.store.transaction(() => {
      const bucket = requestedBucket(world, input);
      changeSettings(world.store, bucket, { NotificationConfiguration: notificationMembers(notifications) });
      const queues = notifications.filter(({ service }) => service === "sqs").map(({ targetArn }) => targetArn);
      for (const arn of new Set(queues)) outbox.add(arn, testMessage(world, bucket, requestId));
    });
    outbox.wake();
    return {};
  };
}

async function requireTarget({ call }: World, { service, targetArn }: Notification): Promise<void> {
  try {
    if (service === "sqs") await call("sqs", "GetQueueUrl", { QueueName: targetArn.split(":").at(-1) });
    else await call("lambda", "GetFunctionConfiguration", { FunctionName: targetArn });
  } catch {
    throw invalidArgument(
      "Unable to validate the following destination configurations",
      targetArn,
      "The destination does not exist",
    );
  }
}
