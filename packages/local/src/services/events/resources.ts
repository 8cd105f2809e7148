import type { ResourceProvider } from "../../kernel/resource.ts";
import type { Members, World } from "../../kernel/service.ts";
import type { Timetable } from "../../schedules/timetable.ts";
import { optionalText } from "../scheduler/input.ts";
import { busArn, busNameOf, DEFAULT_BUS, existingBus, readBusName } from "./bus.ts";
import { deleteBus, writeBus } from "./bus-actions.ts";
import { keyOf, readRule } from "./rule.ts";
import { readTargets } from "./target-actions.ts";

const ACCESS = "permissions are not checked";

/** `AWS::Events::EventBus`. */
export function busProvider(world: World, timetable: Timetable): ResourceProvider {
  return {
    supported: ["Description", "Name", "Tags"],
    kept: { KmsKeyIdentifier: "the local state is not encrypted", Policy: ACCESS },
    put: async ({ properties, name: physicalName }) => {
      const name = readBusName(String(properties["Name"] ?? physicalName));
      await world.store.transaction(() => writeBus(world, name, optionalText(properties, "Description")));
      return { ref: name, attributes: { Arn: busArn(world, name), Name: name } };
    },
    remove: ({ ref }) => deleteBus(world, timetable, ref),
  };
}

/** `AWS::Events::Rule`, with a schedule, an event pattern or both. */
export function ruleProvider(world: World, timetable: Timetable): ResourceProvider {
  return {
    supported: [
      "Description",
      "EventBusName",
      "EventPattern",
      "Name",
      "ScheduleExpression",
      "State",
      "Tags",
      "Targets",
    ],
    kept: { RoleArn: ACCESS },
    put: async ({ properties, name }) => {
      const { Tags: _shownNowhere, RoleArn: _kept, EventPattern: pattern, ...given } = properties;
      const bus = existingBus(world.store, busNameOf(properties)).name;
      const rule = readRule(world, {
        ...given,
        Name: properties["Name"] ?? name,
        EventPattern: typeof pattern === "object" ? JSON.stringify(pattern) : pattern,
        Targets: readTargets([properties["Targets"] ?? []].flat() as Members[]),
      });
      await timetable.put(rule);
      // The names that Ref gives (AWS::Events::Rule, "Return values").
      const ref = String(rule.shown["Name"]);
      return { ref: bus === DEFAULT_BUS ? ref : `${bus}|${ref}`, attributes: { Arn: rule.arn } };
    },
    remove: async ({ ref }) => {
      const [name = "", bus = DEFAULT_BUS] = ref.split("|").reverse();
      await timetable.remove(keyOf(bus, name));
    },
  };
}
