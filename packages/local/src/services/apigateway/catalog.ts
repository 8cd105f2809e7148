import { createHash } from "node:crypto";
import type { World } from "../../kernel/service.ts";
import type { Authorizer, HttpApi, Integration, Route, Stage } from "./http-api.ts";

export type PartKind = "api" | "authorizer" | "integration" | "route" | "stage";

interface Part {
  readonly id: string;
  readonly kind: PartKind;
  readonly apiId: string;
  readonly createdAt: number;
  readonly record: unknown;
}

/** The HTTP APIs, read from the store once and again after each change. */
export interface Catalog {
  /** In the order of their making. */
  all(): readonly HttpApi[];
  /** The API of an id, or the first of a name. */
  find(idOrName: string): HttpApi | undefined;
  put(part: Omit<Part, "createdAt">): Promise<void>;
  remove(id: string): Promise<void>;
}

export function openCatalog({ store, clock }: World): Catalog {
  let apis: readonly HttpApi[] | undefined;
  const all = (): readonly HttpApi[] => {
    apis ??= assemble(
      store
        .statement("SELECT id, kind, apiId, createdAt, record FROM apigateway_part ORDER BY seq")
        .all()
        .map((row) => ({ ...row, record: JSON.parse(String(row["record"])) }) as unknown as Part),
    );
    return apis;
  };
  const change = async (sql: string, ...values: (number | string)[]): Promise<void> => {
    await store.transaction(() => store.statement(sql).run(...values));
    apis = undefined;
  };
  return {
    all,
    find: (idOrName) => all().find(({ id }) => id === idOrName) ?? all().find(({ name }) => name === idOrName),
    put: ({ id, kind, apiId, record }) =>
      change(
        `INSERT INTO apigateway_part (id, kind, apiId, createdAt, record) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, apiId = excluded.apiId, record = excluded.record`,
        id,
        kind,
        apiId,
        clock.now(),
        JSON.stringify(record),
      ),
    remove: (id) => change("DELETE FROM apigateway_part WHERE id = ?", id),
  };
}

/** Ten letters and digits, the same for the same physical name. */
export function partId(physicalName: string): string {
  return createHash("sha256").update(physicalName).digest("hex").slice(0, 10);
}

function assemble(parts: readonly Part[]): readonly HttpApi[] {
  return parts
    .filter(({ kind }) => kind === "api")
    .map((api) => {
      const own = <T>(kind: PartKind): T[] =>
        parts
          .filter((part) => part.kind === kind && part.apiId === api.id)
          .map(({ id, record }) => ({ ...(record as object), id }) as T);
      const byId = <T extends { readonly id: string }>(kind: PartKind): Map<string, T> =>
        new Map(own<T>(kind).map((each) => [each.id, each]));
      return {
        ...(api.record as Pick<HttpApi, "cors" | "name">),
        id: api.id,
        createdAt: api.createdAt,
        routes: own<Route>("route"),
        stages: own<Stage>("stage"),
        integrations: byId<Integration>("integration"),
        authorizers: byId<Authorizer>("authorizer"),
      };
    });
}
