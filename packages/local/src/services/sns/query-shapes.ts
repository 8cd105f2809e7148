import type { QueryShape, QueryShapes } from "../../kernel/protocol/query.ts";

const ATTRIBUTES = { wire: "entry", wrapped: true, key: "key", value: "value" };
const MESSAGE_ATTRIBUTES = { wire: "entry", wrapped: true, key: "Name", value: "Value", element: {} };
const TAGS = { wire: "member", wrapped: true, element: {} };
const STRUCTURES = { wire: "member", wrapped: true, element: {} };

const PUBLISHED: QueryShape = { maps: { MessageAttributes: MESSAGE_ATTRIBUTES } };

/** How each action reads and writes the Query protocol (the service model of 2010-03-31). */
export const QUERY_SHAPES: QueryShapes = {
  CreateTopic: { input: { maps: { Attributes: ATTRIBUTES }, lists: { Tags: TAGS } } },
  GetTopicAttributes: { output: { maps: { Attributes: ATTRIBUTES } } },
  ListTopics: { output: { lists: { Topics: STRUCTURES } } },
  TagResource: { input: { lists: { Tags: TAGS } }, output: { lists: { Tags: TAGS } } },
  UntagResource: {
    input: { lists: { TagKeys: { wire: "member", wrapped: true } } },
    output: { lists: { TagKeys: { wire: "member", wrapped: true } } },
  },
  ListTagsForResource: { output: { lists: { Tags: TAGS } } },
  Subscribe: { input: { maps: { Attributes: ATTRIBUTES }, booleans: ["ReturnSubscriptionArn"] } },
  GetSubscriptionAttributes: { output: { maps: { Attributes: ATTRIBUTES } } },
  ListSubscriptions: { output: { lists: { Subscriptions: STRUCTURES } } },
  ListSubscriptionsByTopic: { output: { lists: { Subscriptions: STRUCTURES } } },
  Publish: { input: PUBLISHED },
  PublishBatch: {
    input: { lists: { PublishBatchRequestEntries: { wire: "member", wrapped: true, element: PUBLISHED } } },
    output: { lists: { Successful: STRUCTURES, Failed: STRUCTURES } },
  },
  ReliqListOutbox: { input: { numbers: ["Limit"] }, output: { lists: { Entries: STRUCTURES } } },
};
