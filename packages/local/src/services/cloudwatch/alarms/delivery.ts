import type { World } from "../../../kernel/service.ts";
import { type Alarm, type AlarmState, findAlarm } from "./alarm-store.ts";
import { noteHistory } from "./history.ts";
import { type Notification, notificationOf } from "./notification.ts";

/** Gives the notifications of alarms to their targets: each is kept until it is given, so a kill doubles one at most. */
export interface Delivery {
  /** Keeps the notifications of a transition, in the transaction of the transition itself. */
  keep(alarm: Alarm, before: AlarmState): void;
  /** Gives what is kept, in order; what a target refuses is noted in the alarm's history and not tried again. */
  give(): Promise<void>;
}

interface ActionRow {
  readonly id: number;
  readonly alarmName: string;
  readonly target: string;
  readonly payload: string;
}

const ACTIONS_OF = { ALARM: "AlarmActions", INSUFFICIENT_DATA: "InsufficientDataActions", OK: "OKActions" } as const;

export function createDelivery(world: World): Delivery {
  const { store } = world;
  let giving: Promise<void> = Promise.resolve();
  const giveAll = async (): Promise<void> => {
    const rows: unknown = store.statement("SELECT * FROM cloudwatch_action ORDER BY id").all();
    for (const row of rows as ActionRow[]) {
      const failure = await giveOne(world, row);
      await store.transaction(() => settle(world, row, failure));
    }
  };
  return {
    keep: (alarm, before) => {
      const targets = alarm.definition[ACTIONS_OF[alarm.state.value]];
      if (alarm.definition["ActionsEnabled"] === false || !Array.isArray(targets) || targets.length === 0) return;
      const payload = JSON.stringify(notificationOf(world, alarm, before));
      for (const target of targets) {
        store
          .statement("INSERT INTO cloudwatch_action (alarmName, target, payload) VALUES (?, ?, ?)")
          .run(alarm.name, String(target), payload);
      }
    },
    give: () => {
      giving = giving.catch(() => {}).then(giveAll);
      return giving;
    },
  };
}

/** Returns why a target did not take it, or nothing. */
async function giveOne(world: World, { target, payload }: ActionRow): Promise<string | undefined> {
  const { subject, message, event } = JSON.parse(payload) as Notification;
  const service = target.split(":")[2];
  try {
    if (service === "sns") await world.call("sns", "Publish", { TopicArn: target, Subject: subject, Message: message });
    else if (service === "lambda") {
      await world.call("lambda", "Invoke", { FunctionName: target, InvocationType: "Event", Payload: event });
    } else return "the local region carries out no such action";
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function settle(world: World, row: ActionRow, failure: string | undefined): void {
  world.store.statement("DELETE FROM cloudwatch_action WHERE id = ?").run(row.id);
  const alarm = findAlarm(world.store, row.alarmName);
  if (!alarm) return;
  const summary =
    failure === undefined
      ? `Successfully executed action ${row.target}`
      : `Failed to execute action ${row.target}. Received error: "${failure}"`;
  noteHistory(world, alarm, "Action", summary, {
    actionState: failure === undefined ? "Succeeded" : "Failed",
    notificationResource: row.target,
    error: failure ?? null,
  });
}
