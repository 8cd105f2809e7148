import { join } from "node:path";
import { AlarmTopic, BundledFunction, Consumer, Journal, Monitoring, ReliableQueue } from "@reliq/cdk";
import { type App, CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from "aws-cdk-lib";

/** Defines the system: one stack with the queues and the producer, one with the consumer. `-c region=eu-west-1` deploys it elsewhere, `-c alarmEmail=ops@example.com` tells somebody of alarms. */
export function defineStoreEvents(app: App): void {
  const account = process.env["CDK_DEFAULT_ACCOUNT"];
  const region = app.node.tryGetContext("region") ?? "us-east-1";
  const props: StackProps = { env: { region, ...(account && { account }) } };
  const sending = new Stack(app, "sqs-message-producer-ingestor-stack", props);
  const processing = new Stack(app, "reliable-sqs-with-dlq-stack", props);
  defineConsumer(processing, defineProducer(sending));
  const email = app.node.tryGetContext("alarmEmail");
  // In the first of the stacks: alarms of both tell it.
  const topic = new AlarmTopic(sending, "Alarms", email === undefined ? {} : { email });
  new Monitoring(processing, "Monitoring", { name: "store-events", scopes: [sending, processing], topic });
}

function defineProducer(stack: Stack): ReliableQueue {
  const storeEvents = new ReliableQueue(stack, "StoreEvents", {
    queueName: "reliable_q",
    deadLetterQueueName: "dlq_for_reliable_q",
    maxReceiveCount: 2,
    visibilityTimeout: Duration.seconds(6),
  });
  const producer = new BundledFunction(stack, "Producer", {
    entry: join(import.meta.dirname, "handlers/producer.ts"),
    functionName: `data_producer_${stack.stackName}`,
    timeout: Duration.seconds(90),
    environment: { QUEUE_URL: storeEvents.queue.queueUrl, RUN_SECONDS: "5" },
  });
  storeEvents.grantSend(producer.function);
  output(stack, "ReliableMessageQueue", storeEvents.queue.queueUrl, "URL of the queue of store events.");
  output(stack, "SqsDataProducer", producer.function.functionName, "Name of the function that sends store events.");
  return storeEvents;
}

function defineConsumer(stack: Stack, storeEvents: ReliableQueue): void {
  const consumer = new Consumer(stack, "StoreEventsConsumer", {
    entry: join(import.meta.dirname, "handlers/consumer.ts"),
    functionName: `reliable_queue_consumer_${stack.stackName}`,
    queue: storeEvents,
    journal: new Journal(stack, "Journal", { removalPolicy: RemovalPolicy.DESTROY }),
    maximumConcurrency: 2,
    // A sixth of six seconds of visibility leaves one second for a batch: memory buys the processor time for its cold start.
    memorySizeMb: 1024,
  });
  output(stack, "msgConsumer", consumer.function.functionName, "Name of the function that processes store events.");
}

function output(stack: Stack, name: string, value: string, description: string): void {
  new CfnOutput(stack, name, { value, description });
}
