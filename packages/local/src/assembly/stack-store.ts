import { randomUUID } from "node:crypto";
import type { Resource } from "../kernel/resource.ts";
import type { Members, World } from "../kernel/service.ts";

export interface StackOutput {
  readonly key: string;
  readonly value: string;
  readonly description?: string;
  readonly exportName?: string;
}

/** A deployed stack. */
export interface StackRecord {
  readonly name: string;
  readonly id: string;
  /** As CloudFormation names it: `CREATE_COMPLETE`, `UPDATE_FAILED`, … */
  readonly status: string;
  readonly statusReason?: string;
  readonly description?: string;
  readonly parameters: Readonly<Record<string, string | readonly string[]>>;
  readonly outputs: readonly StackOutput[];
  /** The names of other stacks' exports that it needs. */
  readonly imports: readonly string[];
  /** Where the region listened when the stack was deployed: queue URLs hold it. */
  readonly endpoint: string;
  readonly createdAtMs: number;
  readonly updatedAtMs?: number;
}

/** A resource of a deployed stack, known before it is put and until it is removed. */
export interface ResourceRecord {
  readonly stackName: string;
  readonly logicalId: string;
  readonly type: string;
  readonly name: string;
  /** Its place in the order of creation. */
  readonly position: number;
  readonly status: string;
  readonly statusReason?: string;
  /** What was put; unknown until the first time that it succeeds. */
  readonly resource?: Resource;
  readonly properties: Members;
  /** The paths of the assets that its properties name. */
  readonly assets: Readonly<Record<string, string>>;
  readonly endpoint: string;
  /** Why it has no effect here, if it has none. */
  readonly withoutEffect?: string;
  readonly retained: boolean;
  readonly retainedWhenReplaced: boolean;
  readonly changedAtMs: number;
}

interface StackEvent {
  readonly id: string;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: string;
  readonly statusReason?: string;
  readonly atMs: number;
}

/** What is deployed, in the region's store; each write says what happened in the stack's events. */
export interface StackStore {
  stacks(): readonly StackRecord[];
  /** A stack by its name or its id. */
  stack(nameOrId: string): StackRecord | undefined;
  /** A stack's resources, in the order of creation. */
  resources(stackName: string): readonly ResourceRecord[];
  /** How many resources a stack has. */
  countResources(stackName: string): number;
  /** The resources of every stack that are of some types, in the order of creation. */
  resourcesOfTypes(types: readonly string[]): readonly ResourceRecord[];
  /** The resource of a type that has a physical name. */
  holder(type: string, name: string): ResourceRecord | undefined;
  /** A stack's events, newest first. */
  events(stackName: string): readonly StackEvent[];
  /** The template of a stack, as it was written; undefined where it was deployed before templates were kept. */
  template(stackName: string): string | undefined;
  saveStack(stack: StackRecord): Promise<void>;
  saveTemplate(stackName: string, template: string): Promise<void>;
  /** Forgets a stack, its template and its events. */
  forgetStack(stack: StackRecord): Promise<void>;
  saveResource(resource: ResourceRecord): Promise<void>;
  /** Forgets a resource; `status` says why: `DELETE_COMPLETE`, or `DELETE_SKIPPED` for one that is retained. */
  forgetResource(resource: ResourceRecord, status: string): Promise<void>;
}

/** A stack's latest events that are kept. */
const KEPT_EVENTS = 1_000;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS cloudformation_stacks (name TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS cloudformation_templates (stack TEXT PRIMARY KEY, template TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS cloudformation_resources (
    stack TEXT NOT NULL, logical_id TEXT NOT NULL, type TEXT NOT NULL, name TEXT NOT NULL, position INTEGER NOT NULL,
    record TEXT NOT NULL, PRIMARY KEY (stack, logical_id, type, name)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS cloudformation_resources_by_name ON cloudformation_resources (type, name);
  CREATE TABLE IF NOT EXISTS cloudformation_events (
    sequence INTEGER PRIMARY KEY, stack TEXT NOT NULL, record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS cloudformation_events_by_stack ON cloudformation_events (stack, sequence);`;

/** Opens the tables of the deployed stacks. */
export function openStackStore({ store, clock }: Pick<World, "store" | "clock">): StackStore {
  store.define(SCHEMA);
  const all = <T>(sql: string, ...values: string[]): readonly T[] =>
    store
      .statement(sql)
      .all(...values)
      .map((row) => JSON.parse(String(row["record"])) as T);
  const run = (sql: string, ...values: (string | number)[]): void => void store.statement(sql).run(...values);
  const happened = (stackName: string, event: Omit<StackEvent, "id" | "atMs">): void => {
    const record: StackEvent = { id: randomUUID(), atMs: clock.now(), ...event };
    run("INSERT INTO cloudformation_events (stack, record) VALUES (?, ?)", stackName, JSON.stringify(record));
  };
  const stacks = (): readonly StackRecord[] => all("SELECT record FROM cloudformation_stacks ORDER BY rowid");
  return {
    ...keptTemplates(store),
    stacks,
    stack: (nameOrId) => stacks().find(({ name, id }) => name === nameOrId || id === nameOrId),
    resources: (stackName) =>
      all("SELECT record FROM cloudformation_resources WHERE stack = ? ORDER BY position, rowid", stackName),
    countResources: (stackName) =>
      Number(
        store.statement("SELECT count(*) AS count FROM cloudformation_resources WHERE stack = ?").get(stackName)?.[
          "count"
        ],
      ),
    resourcesOfTypes: (types) =>
      all(
        `SELECT r.record FROM cloudformation_stacks s JOIN cloudformation_resources r ON r.stack = s.name
         WHERE r.type IN (SELECT value FROM json_each(?)) ORDER BY s.rowid, r.position, r.rowid`,
        JSON.stringify(types),
      ),
    holder: (type, name) =>
      all<ResourceRecord>("SELECT record FROM cloudformation_resources WHERE type = ? AND name = ?", type, name)[0],
    events: (stackName) =>
      all("SELECT record FROM cloudformation_events WHERE stack = ? ORDER BY sequence DESC", stackName),
    saveStack: (stack) =>
      store.transaction(() => {
        run(
          "INSERT INTO cloudformation_stacks (name, record) VALUES (?, ?) ON CONFLICT DO UPDATE SET record = excluded.record",
          stack.name,
          JSON.stringify(stack),
        );
        happened(stack.name, stackEvent(stack));
        run(
          `DELETE FROM cloudformation_events WHERE stack = ?1 AND sequence <= (
             SELECT sequence FROM cloudformation_events WHERE stack = ?1 ORDER BY sequence DESC LIMIT 1 OFFSET ?2)`,
          stack.name,
          KEPT_EVENTS,
        );
      }),
    forgetStack: ({ name }) =>
      store.transaction(() => {
        run("DELETE FROM cloudformation_stacks WHERE name = ?", name);
        run("DELETE FROM cloudformation_templates WHERE stack = ?", name);
        run("DELETE FROM cloudformation_events WHERE stack = ?", name);
      }),
    saveResource: (resource) =>
      store.transaction(() => {
        run(
          `INSERT INTO cloudformation_resources (stack, logical_id, type, name, position, record) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET position = excluded.position, record = excluded.record`,
          ...keyOf(resource),
          resource.position,
          JSON.stringify(resource),
        );
        happened(resource.stackName, resourceEvent(resource));
      }),
    forgetResource: (resource, status) =>
      store.transaction(() => {
        run(
          "DELETE FROM cloudformation_resources WHERE stack = ? AND logical_id = ? AND type = ? AND name = ?",
          ...keyOf(resource),
        );
        happened(resource.stackName, { ...resourceEvent(resource), status });
      }),
  };
}

function keptTemplates(store: World["store"]): Pick<StackStore, "saveTemplate" | "template"> {
  const one = "SELECT template FROM cloudformation_templates WHERE stack = ?";
  const save = `INSERT INTO cloudformation_templates (stack, template) VALUES (?, ?)
    ON CONFLICT DO UPDATE SET template = excluded.template WHERE template <> excluded.template`;
  return {
    template: (stackName) => {
      const row = store.statement(one).get(stackName);
      return row && String(row["template"]);
    },
    saveTemplate: (stackName, template) => store.transaction(() => void store.statement(save).run(stackName, template)),
  };
}

function keyOf({ stackName, logicalId, type, name }: ResourceRecord): [string, string, string, string] {
  return [stackName, logicalId, type, name];
}

function stackEvent({ name, id, status, statusReason }: StackRecord): Omit<StackEvent, "id" | "atMs"> {
  return {
    logicalId: name,
    physicalId: id,
    type: "AWS::CloudFormation::Stack",
    status,
    ...(statusReason !== undefined && { statusReason }),
  };
}

function resourceEvent(record: ResourceRecord): Omit<StackEvent, "id" | "atMs"> {
  return {
    logicalId: record.logicalId,
    physicalId: record.resource?.ref ?? "",
    type: record.type,
    status: record.status,
    ...(record.statusReason !== undefined && { statusReason: record.statusReason }),
  };
}
