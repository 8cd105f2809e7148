import type { ResourceProvider } from "../../kernel/resource.ts";
import type { World } from "../../kernel/service.ts";
import { ServiceError } from "../../kernel/service-error.ts";
import type { Store } from "../../kernel/store.ts";
import type { Timetable } from "../../schedules/timetable.ts";
import { readName } from "./read-schedule.ts";

/** The schedule groups; `default` is always there. */
export const SCHEMA = "CREATE TABLE IF NOT EXISTS scheduler_group (name TEXT PRIMARY KEY)";

/** @throws ResourceNotFoundException */
export function requireGroup(store: Store, name: string): void {
  if (name === "default" || store.statement("SELECT 1 FROM scheduler_group WHERE name = ?").get(name)) return;
  throw new ServiceError("ResourceNotFoundException", `Schedule group ${name} does not exist.`, { status: 404 });
}

/** `AWS::Scheduler::ScheduleGroup`: its schedules go with it. */
export function groupProvider({ store, region, accountId }: World, timetable: Timetable): ResourceProvider {
  return {
    supported: ["Name", "Tags"],
    put: async ({ properties, name: physicalName }) => {
      const name = readName(String(properties["Name"] ?? physicalName));
      await store.transaction(() =>
        store.statement("INSERT INTO scheduler_group VALUES (?) ON CONFLICT DO NOTHING").run(name),
      );
      const Arn = `arn:aws:scheduler:${region}:${accountId}:schedule-group/${name}`;
      return { ref: name, attributes: { Arn } };
    },
    remove: async ({ ref }) => {
      for (const { schedule } of timetable.all()) {
        if (schedule.name.startsWith(`${ref}/`)) await timetable.remove(schedule.name);
      }
      await store.transaction(() => store.statement("DELETE FROM scheduler_group WHERE name = ?").run(ref));
    },
  };
}
