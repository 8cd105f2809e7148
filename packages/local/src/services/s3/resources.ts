import { isDeepStrictEqual } from "node:util";
import { elements } from "../../kernel/protocol/rest-xml.ts";
import type { Resource, ResourceProvider } from "../../kernel/resource.ts";
import type { Members, World } from "../../kernel/service.ts";
import { putBucketNotificationConfiguration } from "./actions/put-bucket-notification-configuration.ts";
import { bucketArn, changeSettings, findBucket, insertBucket, removeBucket } from "./bucket.ts";
import type { S3 } from "./s3.ts";
import { readSetting, SETTINGS } from "./settings.ts";

const KEPT: Readonly<Record<string, string>> = {
  AccessControl: "access is not checked locally",
  AnalyticsConfigurations: "nothing is analysed locally",
  BucketEncryption: "the local state is not encrypted",
  CorsConfiguration: "answers carry no cross-origin headers",
  IntelligentTieringConfigurations: "storage classes are kept and shown only",
  InventoryConfigurations: "no inventory is written",
  LoggingConfiguration: "access is not logged",
  MetricsConfigurations: "requests are not measured",
  OwnershipControls: "access is not checked locally",
  PublicAccessBlockConfiguration: "access is not checked locally",
};

/** The settings that a template can put, each as on the wire. */
const TEMPLATE_SETTINGS: Readonly<Record<string, readonly [root: string, write: (value: Members) => Members]>> = {
  BucketEncryption: ["ServerSideEncryptionConfiguration", encryption],
  LifecycleConfiguration: ["LifecycleConfiguration", lifecycle],
  OwnershipControls: ["OwnershipControls", ({ Rules }) => ({ Rule: Rules })],
  PublicAccessBlockConfiguration: ["PublicAccessBlockConfiguration", (value) => value],
  Tags: ["Tagging", (value) => ({ TagSet: { Tag: value } })],
  VersioningConfiguration: ["VersioningConfiguration", (value) => value],
};

/** `AWS::S3::Bucket`: an existing bucket of the name gets the new settings and keeps its objects; it is removed once it is empty. */
export function bucketProvider(s3: S3): ResourceProvider {
  const { world } = s3;
  return {
    supported: ["BucketName", "LifecycleConfiguration", "NotificationConfiguration", "Tags", "VersioningConfiguration"],
    kept: KEPT,
    put: async ({ name, properties }) => {
      const settings = settingsOf(properties);
      await world.store.transaction(() => {
        if (!findBucket(world.store, name)) insertBucket(world, name);
        const bucket = findBucket(world.store, name);
        if (bucket) changeSettings(world.store, bucket, settings);
      });
      await putNotifications(s3, name, properties["NotificationConfiguration"] as Members | undefined);
      return resourceOf(world, name);
    },
    remove: async ({ ref }) => {
      await world.store.transaction(() => {
        const bucket = findBucket(world.store, ref);
        if (bucket) removeBucket(world.store, bucket);
      });
    },
  };
}

/** Every setting that a template can put: undefined where it does not. */
function settingsOf(properties: Members): Record<string, Members | undefined> {
  const entries = Object.entries(TEMPLATE_SETTINGS).map(([property, [root, write]]) => {
    const setting = SETTINGS.find((each) => each.root === root);
    const value = properties[property] as Members | undefined;
    return [root, value && setting ? readSetting(setting, write(value)) : undefined];
  });
  return Object.fromEntries(entries);
}

/** A change only, because each one sends test messages; what the bucket got otherwise stays where the template is silent. */
async function putNotifications(s3: S3, Bucket: string, wanted: Members | undefined): Promise<void> {
  const { store } = s3.world;
  const before = findBucket(store, Bucket)?.settings["template:NotificationConfiguration"] ?? undefined;
  if (isDeepStrictEqual(before, wanted)) return;
  const put = putBucketNotificationConfiguration(s3);
  const signal = new AbortController().signal;
  await put({ Bucket, NotificationConfiguration: wanted ?? {} }, { requestId: "template", signal });
  await store.transaction(() => {
    const bucket = findBucket(store, Bucket);
    if (bucket) changeSettings(store, bucket, { "template:NotificationConfiguration": wanted });
  });
}

function encryption({ ServerSideEncryptionConfiguration: rules }: Members): Members {
  const Rule = elements(rules).map((each) => {
    const { ServerSideEncryptionByDefault, BucketKeyEnabled } = each as Members;
    return { ApplyServerSideEncryptionByDefault: ServerSideEncryptionByDefault, BucketKeyEnabled };
  });
  return { Rule };
}

function lifecycle({ Rules }: Members): Members {
  return { Rule: elements(Rules).map((rule) => lifecycleRule(rule as Members)) };
}

/** A rule of a template as a rule of the API; members that are the same in both stay. */
function lifecycleRule(rule: Members): Members {
  const { Id, Prefix, TagFilters, ObjectSizeGreaterThan, ObjectSizeLessThan, ...others } = rule;
  const { ExpirationInDays, ExpirationDate, ExpiredObjectDeleteMarker, Transition, Transitions, ...same } = others;
  const tags = elements(TagFilters);
  const filter = { Prefix, ObjectSizeGreaterThan, ObjectSizeLessThan, ...(tags.length > 0 && { Tag: tags }) };
  const given = Object.entries(filter).filter(([, value]) => value !== undefined);
  const single = given.length < 2 && tags.length < 2;
  const expiration = { Days: ExpirationInDays, Date: ExpirationDate, ExpiredObjectDeleteMarker };
  const transitions = elements(Transitions ?? Transition).map((each) => {
    const { TransitionInDays: Days, TransitionDate, StorageClass } = each as Members;
    return { Days, Date: TransitionDate, StorageClass };
  });
  return {
    ...(Id !== undefined && { ID: Id }),
    Filter: single ? Object.fromEntries(given) : { And: Object.fromEntries(given) },
    ...same,
    ...(Object.values(expiration).some((each) => each !== undefined) && { Expiration: expiration }),
    ...(transitions.length > 0 && { Transition: transitions }),
  };
}

function resourceOf({ region }: World, name: string): Resource {
  return {
    ref: name,
    attributes: {
      Arn: bucketArn(name),
      DomainName: `${name}.s3.amazonaws.com`,
      DualStackDomainName: `${name}.s3.dualstack.${region}.amazonaws.com`,
      RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
      WebsiteURL: `http://${name}.s3-website-${region}.amazonaws.com`,
    },
  };
}
