import type { QueryShape, QueryShapes } from "../../kernel/protocol/query.ts";

const ATTRIBUTES = { wire: "Attribute", key: "Name", value: "Value" };
const MESSAGE_ATTRIBUTES = { wire: "MessageAttribute", key: "Name", value: "Value", element: {} };
const SYSTEM_ATTRIBUTES = { wire: "MessageSystemAttribute", key: "Name", value: "Value", element: {} };
const TAGS = { wire: "Tag", key: "Key", value: "Value" };

const OUTGOING: QueryShape = {
  numbers: ["DelaySeconds"],
  maps: { MessageAttributes: MESSAGE_ATTRIBUTES, MessageSystemAttributes: SYSTEM_ATTRIBUTES },
};

const MESSAGE: QueryShape = { maps: { Attributes: ATTRIBUTES, MessageAttributes: MESSAGE_ATTRIBUTES } };

/** How each action reads and writes the Query protocol (the service model of 2012-11-05). */
export const QUERY_SHAPES: QueryShapes = {
  CreateQueue: { input: { maps: { Attributes: ATTRIBUTES, tags: TAGS } } },
  GetQueueAttributes: {
    input: { lists: { AttributeNames: { wire: "AttributeName" } } },
    output: { maps: { Attributes: ATTRIBUTES } },
  },
  SetQueueAttributes: { input: { maps: { Attributes: ATTRIBUTES } } },
  ListQueues: { input: { numbers: ["MaxResults"] }, output: { lists: { QueueUrls: { wire: "QueueUrl" } } } },
  ListDeadLetterSourceQueues: {
    input: { numbers: ["MaxResults"] },
    output: { lists: { queueUrls: { wire: "QueueUrl" } } },
  },
  TagQueue: { input: { maps: { Tags: TAGS } } },
  UntagQueue: { input: { lists: { TagKeys: { wire: "TagKey" } } } },
  ListQueueTags: { output: { maps: { Tags: TAGS } } },
  SendMessage: { input: OUTGOING },
  SendMessageBatch: {
    input: { lists: { Entries: { wire: "SendMessageBatchRequestEntry", element: OUTGOING } } },
    output: batchAnswer("SendMessageBatchResultEntry"),
  },
  ReceiveMessage: {
    input: {
      numbers: ["MaxNumberOfMessages", "VisibilityTimeout", "WaitTimeSeconds"],
      lists: {
        AttributeNames: { wire: "AttributeName" },
        MessageSystemAttributeNames: { wire: "MessageSystemAttributeName" },
        MessageAttributeNames: { wire: "MessageAttributeName" },
      },
    },
    output: { lists: { Messages: { wire: "Message", element: MESSAGE } } },
  },
  DeleteMessageBatch: {
    input: { lists: { Entries: { wire: "DeleteMessageBatchRequestEntry", element: {} } } },
    output: batchAnswer("DeleteMessageBatchResultEntry"),
  },
  ChangeMessageVisibility: { input: { numbers: ["VisibilityTimeout"] } },
  ChangeMessageVisibilityBatch: {
    input: {
      lists: {
        Entries: { wire: "ChangeMessageVisibilityBatchRequestEntry", element: { numbers: ["VisibilityTimeout"] } },
      },
    },
    output: batchAnswer("ChangeMessageVisibilityBatchResultEntry"),
  },
  StartMessageMoveTask: { input: { numbers: ["MaxNumberOfMessagesPerSecond"] } },
  ListMessageMoveTasks: {
    input: { numbers: ["MaxResults"] },
    output: { lists: { Results: { wire: "ListMessageMoveTasksResultEntry", element: {} } } },
  },
};

function batchAnswer(wire: string): QueryShape {
  return {
    lists: { Successful: { wire, element: {} }, Failed: { wire: "BatchResultErrorEntry", element: {} } },
  };
}
