import { randomUUID } from "node:crypto";
import type { ResourceProvider } from "../../../kernel/resource.ts";
import type { Action, Members, World } from "../../../kernel/service.ts";
import type { Store } from "../../../kernel/store.ts";
import { integerWithin, optionalText, requiredText, texts } from "../input.ts";
import { pageOf } from "../paging.ts";
import { notServed, queryDoesNotExist } from "./errors.ts";
import { readQuery } from "./query.ts";

interface QueryDefinition {
  readonly id: string;
  readonly name: string;
  readonly query: string;
  /** JSON: the names of its log groups. */
  readonly groupNames: string;
  readonly modifiedAt: number;
}

/** The most definitions of one page (DescribeQueryDefinitions). */
const LARGEST_PAGE = 1_000;

/** The actions of saved queries. */
export function definitionActions(world: World): Record<string, Action> {
  const { store } = world;
  return {
    PutQueryDefinition: async (input) => {
      const id = optionalText(input, "queryDefinitionId");
      if (id !== undefined && !find(store, id)) throw queryDoesNotExist("query definition", id);
      return { queryDefinitionId: await put(world, id ?? randomUUID(), input) };
    },
    DeleteQueryDefinition: async (input) => {
      const id = requiredText(input, "queryDefinitionId");
      if (!find(store, id)) throw queryDoesNotExist("query definition", id);
      await remove(store, id);
      return { success: true };
    },
    DescribeQueryDefinitions: (input) => {
      const prefix = optionalText(input, "queryDefinitionNamePrefix") ?? "";
      const rows: unknown = store.statement("SELECT * FROM logs_query_definition ORDER BY name, id").all();
      const fit = (rows as QueryDefinition[]).filter(({ name }) => name.startsWith(prefix));
      const limit = integerWithin(input, "maxResults", 1, LARGEST_PAGE) ?? LARGEST_PAGE;
      const page = pageOf(fit, ({ id }) => id, optionalText(input, "nextToken"), limit);
      return { queryDefinitions: page.items.map(shown), ...page.next };
    },
  };
}

/** `AWS::Logs::QueryDefinition`. */
export function queryDefinitionProvider(world: World): ResourceProvider {
  return {
    supported: ["LogGroupNames", "Name", "QueryLanguage", "QueryString"],
    put: async ({ properties, stackName, logicalId }) => {
      const id = await put(world, `${stackName}-${logicalId}`, {
        name: properties["Name"],
        queryString: properties["QueryString"],
        logGroupNames: properties["LogGroupNames"],
        queryLanguage: properties["QueryLanguage"],
      });
      return { ref: id, attributes: { QueryDefinitionId: id } };
    },
    remove: ({ ref }) => remove(world.store, ref),
  };
}

/** A query that the region could not run is refused when it is saved. */
async function put({ store, clock }: World, id: string, input: Members): Promise<string> {
  const language = optionalText(input, "queryLanguage") ?? "CWLI";
  if (language !== "CWLI") throw notServed(`the query language ${language}`);
  const query = requiredText(input, "queryString");
  readQuery(query);
  const values = [id, requiredText(input, "name"), query, JSON.stringify(texts(input, "logGroupNames")), clock.now()];
  await store.transaction(() =>
    store.statement("INSERT OR REPLACE INTO logs_query_definition VALUES (?, ?, ?, ?, ?)").run(...values),
  );
  return id;
}

function find(store: Store, id: string): boolean {
  return store.statement("SELECT 1 FROM logs_query_definition WHERE id = ?").get(id) !== undefined;
}

async function remove(store: Store, id: string): Promise<void> {
  await store.transaction(() => store.statement("DELETE FROM logs_query_definition WHERE id = ?").run(id));
}

function shown({ id, name, query, groupNames, modifiedAt }: QueryDefinition): Members {
  return {
    queryLanguage: "CWLI",
    queryDefinitionId: id,
    name,
    queryString: query,
    lastModified: modifiedAt,
    logGroupNames: JSON.parse(groupNames),
  };
}
