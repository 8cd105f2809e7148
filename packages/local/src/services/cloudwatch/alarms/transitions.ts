import type { World } from "../../../kernel/service.ts";
import { type Alarm, type AlarmState, allAlarms, findAlarm, isComposite, writeAlarm } from "./alarm-store.ts";
import { readCompositeRule, ruleHolds } from "./composite.ts";
import { readMetricAlarm } from "./definition.ts";
import type { Delivery } from "./delivery.ts";
import { evaluateAlarm } from "./evaluate.ts";
import { noteHistory } from "./history.ts";

/** What changes the states of alarms, each in a transaction of the caller's. */
export interface Transitions {
  /** Brings an alarm to a state, with its history and its notifications. */
  change(alarm: Alarm, state: AlarmState): void;
  /** Evaluates the alarms that are due at a moment over the data until then. */
  evaluate(endMs: number): void;
  /** Brings composite alarms to what the others say. */
  settleComposites(atMs: number): void;
}

const MINUTE_MS = 60_000;

export function createTransitions(world: World, delivery: Delivery): Transitions {
  const { store } = world;
  const evaluate = (endMs: number): void => {
    for (const alarm of allAlarms(store)) {
      if (isComposite(alarm) || (endMs % MINUTE_MS !== 0 && !isHighResolution(alarm))) continue;
      const found = evaluateSafely(alarm, endMs);
      if (found && found.value !== alarm.state.value) change(alarm, { ...found, updatedAtMs: endMs });
    }
    settleComposites(endMs);
  };
  const evaluateSafely = (alarm: Alarm, endMs: number): ReturnType<typeof evaluateAlarm> => {
    try {
      return evaluateAlarm(store, readMetricAlarm(alarm.definition), endMs);
    } catch (error) {
      // One alarm whose expression cannot be evaluated keeps its state, and the others theirs.
      world.report(`The alarm ${alarm.name} could not be evaluated: ${String(error)}`);
      return undefined;
    }
  };
  const settleComposites = (atMs: number): void => {
    const stateOf = (name: string) => findAlarm(store, name)?.state.value;
    const composites = allAlarms(store).filter(isComposite);
    // One may name another: as many rounds as there are bring the last to its state.
    for (let round = 0; round < composites.length; round += 1) {
      for (const alarm of allAlarms(store).filter(isComposite)) {
        const value = ruleHolds(readCompositeRule(alarm.definition), stateOf) ? "ALARM" : "OK";
        if (value === alarm.state.value) continue;
        const reason = `${alarm.name} transitioned to ${value}: its rule ${value === "ALARM" ? "holds" : "does not hold"}: ${alarm.definition["AlarmRule"]}`;
        change(alarm, { value, reason, updatedAtMs: atMs });
      }
    }
  };
  const change = (alarm: Alarm, state: AlarmState): void => {
    const changed = { ...alarm, state };
    writeAlarm(store, changed);
    if (state.value === alarm.state.value) return;
    const summary = `Alarm updated from ${alarm.state.value} to ${state.value}`;
    noteHistory(
      world,
      alarm,
      "StateUpdate",
      summary,
      { oldState: shown(alarm.state), newState: shown(state) },
      state.updatedAtMs,
    );
    delivery.keep(changed, alarm.state);
  };
  return { change, evaluate, settleComposites };
}

function shown({ value, reason, reasonData }: AlarmState): object {
  return {
    stateValue: value,
    stateReason: reason,
    ...(reasonData !== undefined && { stateReasonData: JSON.parse(reasonData) as unknown }),
  };
}

/** Whether an alarm looks at periods under a minute. */
export function isHighResolution(alarm: Alarm): boolean {
  return (
    !isComposite(alarm) && readMetricAlarm(alarm.definition).queries.some(({ periodSeconds }) => periodSeconds < 60)
  );
}
