import type { Members, World } from "../../kernel/service.ts";
import { ServiceError } from "../../kernel/service-error.ts";
import type { Store } from "../../kernel/store.ts";
import { invalid, optionalText } from "../scheduler/input.ts";

/** The custom buses; the default one is always there. Times are milliseconds since the epoch. */
export const SCHEMA = `
CREATE TABLE IF NOT EXISTS events_bus (
  name TEXT PRIMARY KEY,
  description TEXT,
  createdAt INTEGER NOT NULL,
  modifiedAt INTEGER NOT NULL
) WITHOUT ROWID`;

export const DEFAULT_BUS = "default";

/** A bus as it is kept. */
export interface Bus {
  readonly name: string;
  readonly description: string | null;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** The name of the bus that a request means, by its name or its ARN. @default the default bus */
export function busNameOf(input: Members, member = "EventBusName"): string {
  const given = optionalText(input, member) ?? DEFAULT_BUS;
  return given.replace(/^arn:aws:events:[^:]*:\d*:event-bus\//, "");
}

/** @throws ValidationException for a name that no custom bus can have */
export function readBusName(name: string): string {
  if (/^[\w./-]{1,256}$/.test(name) && name !== DEFAULT_BUS && !name.startsWith("aws.")) return name;
  throw invalid(
    `The bus's name ${JSON.stringify(name)} must be 1 to 256 letters, digits, and / . - _, and not "default".`,
  );
}

/** Every bus, the default one included, by name. */
export function allBuses(store: Store): readonly Bus[] {
  const found = store.statement("SELECT * FROM events_bus").all() as unknown as Bus[];
  return [...found, { name: DEFAULT_BUS, description: null, createdAt: 0, modifiedAt: 0 }].sort((a, b) =>
    a.name < b.name ? -1 : 1,
  );
}

export function findBus(store: Store, name: string): Bus | undefined {
  return allBuses(store).find((bus) => bus.name === name);
}

/** @throws ResourceNotFoundException */
export function existingBus(store: Store, name: string): Bus {
  const bus = findBus(store, name);
  if (bus) return bus;
  throw new ServiceError("ResourceNotFoundException", `Event bus ${name} does not exist.`);
}

export function busArn({ region, accountId }: Pick<World, "accountId" | "region">, name: string): string {
  return `arn:aws:events:${region}:${accountId}:event-bus/${name}`;
}
