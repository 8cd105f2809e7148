// A person's script: plain SDK clients, which find the region by AWS_ENDPOINT_URL alone.
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";

const sqs = new SQSClient({});

async function createQueue(QueueName: string, Attributes: Record<string, string>): Promise<string> {
  return (await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? "";
}

async function receive(QueueUrl: string, more: { VisibilityTimeout?: number } = {}): Promise<readonly Message[]> {
  const wanted = { QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ["All" as const], ...more };
  return (await sqs.send(new ReceiveMessageCommand(wanted))).Messages ?? [];
}

const dead = await createQueue("dead", {});
const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: dead, AttributeNames: ["QueueArn"] }));
const SourceArn = Attributes?.["QueueArn"] ?? "";
const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: SourceArn, maxReceiveCount: 1 });
const orders = await createQueue("orders", { RedrivePolicy });

const bodies = ["good", "bad", "worse"];
const Entries = bodies.map((MessageBody, index) => ({ Id: `${index}`, MessageBody }));
await sqs.send(new SendMessageBatchCommand({ QueueUrl: orders, Entries }));
for (const { Body, ReceiptHandle } of await receive(orders, { VisibilityTimeout: 0 })) {
  if (Body === "good") await sqs.send(new DeleteMessageCommand({ QueueUrl: orders, ReceiptHandle }));
}
const left = await receive(orders);
const died = await receive(dead, { VisibilityTimeout: 0 });

await sqs.send(new StartMessageMoveTaskCommand({ SourceArn }));
const again: string[] = [];
while (again.length < died.length) {
  const messages = await receive(orders, { VisibilityTimeout: 30 });
  again.push(...messages.map(({ Body, Attributes }) => `${Body}, receive ${Attributes?.["ApproximateReceiveCount"]}`));
}
const { Results } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn }));
const [task] = Results ?? [];

console.log(
  JSON.stringify({
    left: left.length,
    died: died.map(({ Body }) => Body).sort(),
    again: again.sort(),
    task: [task?.Status, task?.ApproximateNumberOfMessagesMoved],
  }),
);
