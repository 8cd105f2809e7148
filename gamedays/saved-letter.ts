import { setTimeout as wait } from "node:timers/promises";
import { CloudWatchLogsClient, paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { type Message, PurgeQueueCommand, ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { sendMessages } from "@reliq/aws";
import { atLeast, exactly, type GameDay, type Measure, type Stage } from "reliq/gameday";
import { alarmsOf } from "./parts/alarms.ts";
import { untilHeld } from "./parts/deaths.ts";
import { APP } from "./parts/ingestion.ts";
import { setTaking } from "./parts/mappings.ts";
import { acceptedIds, answerMeasures, effectMeasures, recoveryMeasure, untilEffects } from "./parts/outcome.ts";
import { discardHeld } from "./parts/redrive.ts";
import { type Scene, setScene } from "./parts/scene.ts";
import { CHARTS } from "./parts/watched.ts";

/** Somebody works on dead letters past Reliq. */
export const gameDay: GameDay = {
  name: "saved-letter",
  hypothesis:
    "A letter that somebody saves, purges, and gives to recovery by hand is held with its reason; the account says that it never left its queue, until it comes from there.",
  fault:
    "With recovery switched off somebody saves a dead letter, purges the dead-letter queue, and then invokes recovery's function with what was saved.",
  app: APP,
  localOnly:
    "On AWS the account goes by metrics, which are approximate and say nothing of a single message: this fault is put into a region of its own only. Leave out --endpoint and --profile.",
  alarms: alarmsOf("saved-letter"),
  charts: CHARTS,
  run,
};

const RATE = 5;

/** How often recovery looks at the account, and the minute in which its alarm sees what it says, seconds. */
const SWEEP_SECONDS = 300;
const SEEN_SECONDS = 60;

async function run(stage: Stage): Promise<readonly Measure[]> {
  const scene = await setScene(stage, "saved");
  const { system, load, send } = scene;
  await stage.phase("all is well", () => send(RATE, stage.seconds(10, 2)));
  const endedAtMs = Date.now();
  const effects = await untilEffects(stage, system, acceptedIds(load), 60);
  const letter = await stage.phase("a letter is saved, and purged", () => saveLetter(scene));
  const held = await stage.phase("it is given to recovery by hand", async () => {
    await giveLetter(scene, letter);
    return untilHeld(scene, 1, 60);
  });
  const before = await stage.phase("the account is looked at", () => accountLines(scene));
  const { MessageAttributes, Body } = letter;
  const QueueUrl = system.deadLetterQueueUrl;
  await system.sqs.send(new SendMessageCommand({ QueueUrl, MessageAttributes, MessageBody: Body }));
  await stage.phase("it comes from its queue", () => untilNoLetter(scene));
  const after = await accountLines(scene);
  const heldAtLast = await system.held();
  await stage.phase("given up", () => discardHeld(scene, "poison of a game day"));
  return [
    ...answerMeasures(load),
    ...(await effectMeasures(system, load, effects)),
    recoveryMeasure(load, effects, endedAtMs),
    exactly("held with its reason", held, 1),
    atLeast("lines that the account does not balance", before, 1),
    exactly("such lines after it came from its queue", after - before, 0),
    exactly("held then: it is known", heldAtLast, 1),
  ];
}

/** Has a poison message die while recovery takes no letters; it is saved, and nothing is left of it. */
async function saveLetter(scene: Scene): Promise<Message> {
  const { stage, system, run } = scene;
  const { sqs, queueUrl, deadLetterQueueUrl: QueueUrl } = system;
  await setTaking(scene, "redrive", "events-dlq", false);
  try {
    await sendMessages(sqs, queueUrl, [{ body: JSON.stringify({ orderId: `${run}-poison`, amount: "none" }) }]);
    for (;;) {
      const receive = new ReceiveMessageCommand({
        QueueUrl,
        MessageAttributeNames: ["All"],
        MessageSystemAttributeNames: ["All"],
        VisibilityTimeout: 0,
        WaitTimeSeconds: 1,
      });
      const [letter] = (await sqs.send(receive)).Messages ?? [];
      stage.signal.throwIfAborted();
      if (!letter) continue;
      await sqs.send(new PurgeQueueCommand({ QueueUrl }));
      return letter;
    }
  } finally {
    await setTaking(scene, "redrive", "events-dlq", true);
  }
}

/** Invokes recovery's function as Lambda's poller does. */
async function giveLetter({ system }: Scene, { MessageAttributes = {}, ...letter }: Message): Promise<void> {
  const { lambda, name, sqs, queue } = system;
  const region = await sqs.config.region();
  const messageAttributes = Object.fromEntries(
    Object.entries(MessageAttributes).map(([key, { DataType, StringValue }]) => [
      key,
      { dataType: DataType, stringValue: StringValue },
    ]),
  );
  const record = {
    messageId: letter.MessageId,
    receiptHandle: letter.ReceiptHandle,
    body: letter.Body,
    attributes: letter.Attributes,
    messageAttributes,
    md5OfBody: letter.MD5OfBody,
    eventSource: "aws:sqs",
    eventSourceARN: `arn:aws:sqs:${region}:000000000000:${queue}-dlq`,
    awsRegion: region,
  };
  const Payload = JSON.stringify({ Records: [record] });
  await lambda.send(new InvokeCommand({ FunctionName: name("redrive"), Payload }));
}

/** How many lines of recovery's log say that the account does not balance, once its schedule has looked. */
async function accountLines({ stage, system }: Scene): Promise<number> {
  await stage.passTime(SWEEP_SECONDS);
  await stage.passTime(SEEN_SECONDS);
  const logGroupName = `/aws/lambda/${system.name("redrive")}`;
  const filterPattern = '{ $.event = "account-unbalanced" }';
  const client = new CloudWatchLogsClient(stage.settings);
  let lines = 0;
  for await (const { events = [] } of paginateFilterLogEvents({ client }, { logGroupName, filterPattern })) {
    lines += events.length;
  }
  return lines;
}

async function untilNoLetter({ stage, system }: Scene): Promise<void> {
  const deadline = performance.now() + 60_000;
  while ((await system.deadLetters()) > 0 && performance.now() < deadline)
    await wait(500, undefined, { signal: stage.signal });
}
