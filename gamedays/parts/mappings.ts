import { setTimeout as wait } from "node:timers/promises";
import {
  GetEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import type { Scene } from "./scene.ts";

/** How often Lambda is asked whether it has done so, milliseconds. */
const LOOK_MS = 500;

/** Has a function take messages of a queue no more, or again, and waits until it is so. */
export async function setTaking(
  { stage: { signal }, system: { lambda, name } }: Scene,
  functionName: string,
  queue: string,
  Enabled: boolean,
): Promise<void> {
  const list = new ListEventSourceMappingsCommand({ FunctionName: name(functionName) });
  const { EventSourceMappings = [] } = await lambda.send(list);
  const mapping = EventSourceMappings.find(({ EventSourceArn = "" }) => EventSourceArn.endsWith(`:${name(queue)}`));
  if (!mapping) throw new Error(`The function ${name(functionName)} takes nothing of the queue ${name(queue)}.`);
  const { UUID } = mapping;
  await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled }));
  const wanted = Enabled ? "Enabled" : "Disabled";
  const get = new GetEventSourceMappingCommand({ UUID });
  while ((await lambda.send(get)).State !== wanted) await wait(LOOK_MS, undefined, { signal });
}
