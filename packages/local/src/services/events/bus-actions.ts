import type { Action, Members, World } from "../../kernel/service.ts";
import { ServiceError } from "../../kernel/service-error.ts";
import type { Timetable } from "../../schedules/timetable.ts";
import { invalid, optionalText, refuseOthers, requiredText } from "../scheduler/input.ts";
import { allBuses, type Bus, busArn, busNameOf, DEFAULT_BUS, existingBus, findBus, readBusName } from "./bus.ts";

/** CreateEventBus, DeleteEventBus, DescribeEventBus and ListEventBuses. */
export function busActions(world: World, timetable: Timetable): Record<string, Action> {
  const { store } = world;
  return {
    CreateEventBus: async (input) => {
      refuseOthers(input, ["Description", "Name", "Tags"], "an event bus");
      const name = readBusName(requiredText(input, "Name"));
      await store.transaction(() => {
        if (findBus(store, name)) {
          throw new ServiceError("ResourceAlreadyExistsException", `Event bus ${name} already exists.`);
        }
        writeBus(world, name, optionalText(input, "Description"));
      });
      return { EventBusArn: busArn(world, name), Description: input["Description"] };
    },
    DeleteEventBus: async (input) => {
      await deleteBus(world, timetable, requiredText(input, "Name"));
      return {};
    },
    DescribeEventBus: (input) => describe(world, existingBus(store, busNameOf(input, "Name"))),
    ListEventBuses: (input) => {
      const prefix = optionalText(input, "NamePrefix") ?? "";
      const buses = allBuses(store).filter(({ name }) => name.startsWith(prefix));
      return { EventBuses: buses.map((bus) => describe(world, bus)) };
    },
  };
}

/** Writes a bus, or changes its description, in a transaction of the caller's. */
export function writeBus({ store, clock }: World, name: string, description: string | undefined): void {
  store
    .statement(
      `INSERT INTO events_bus VALUES (?1, ?2, ?3, ?3)
       ON CONFLICT DO UPDATE SET description = ?2, modifiedAt = ?3 WHERE description IS NOT ?2`,
    )
    .run(name, description ?? null, clock.now());
}

/** A bus that is not there is deleted already. @throws ValidationException for the default bus, and for one that has rules */
export async function deleteBus({ store }: World, timetable: Timetable, name: string): Promise<void> {
  if (name === DEFAULT_BUS) throw invalid("Cannot delete event bus default.");
  await store.transaction(() => {
    if (timetable.all().some(({ schedule }) => schedule.shown["EventBusName"] === name)) {
      throw invalid(`Event bus ${name} cannot be deleted since it has rules.`);
    }
    store.statement("DELETE FROM events_bus WHERE name = ?").run(name);
  });
}

function describe(world: World, { name, description, createdAt, modifiedAt }: Bus): Members {
  return {
    Name: name,
    Arn: busArn(world, name),
    Description: description ?? undefined,
    CreationTime: createdAt / 1_000,
    LastModifiedTime: modifiedAt / 1_000,
  };
}
