import type { Members, World } from "../../kernel/service.ts";
import { ServiceError } from "../../kernel/service-error.ts";
import type { Store } from "../../kernel/store.ts";
import { requiredText } from "./input.ts";

export interface Dashboard {
  readonly name: string;
  /** JSON, as it was put. */
  readonly body: string;
  readonly modifiedAt: number;
}

/** Every dashboard, by name. */
export function allDashboards(store: Store): readonly Dashboard[] {
  const rows: unknown = store.statement("SELECT * FROM cloudwatch_dashboard ORDER BY name").all();
  return rows as Dashboard[];
}

/** @throws ResourceNotFound */
export function existingDashboard(store: Store, name: string): Dashboard {
  const found: unknown = store.statement("SELECT * FROM cloudwatch_dashboard WHERE name = ?").get(name);
  if (found) return found as Dashboard;
  throw new ServiceError("DashboardNotFoundError", `Dashboard ${name} does not exist`, {
    status: 404,
    queryCode: "ResourceNotFound",
  });
}

/** Keeps a dashboard as it is defined. @throws InvalidParameterInput for a body that is no JSON object with widgets */
export async function putDashboard({ store, clock }: World, input: Members): Promise<void> {
  const name = requiredText(input, "DashboardName");
  const body = requiredText(input, "DashboardBody");
  if (!/^[\w-]{1,255}$/.test(name)) {
    throw invalidInput(
      `The value ${name} for field DashboardName contains invalid characters. It can only contain alphanumerics, dash (-) and underscore (_).`,
    );
  }
  checkBody(body);
  await store.transaction(() =>
    store.statement("INSERT OR REPLACE INTO cloudwatch_dashboard VALUES (?, ?, ?)").run(name, body, clock.now()),
  );
}

function checkBody(body: string): void {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (cause) {
    throw invalidInput(`The field DashboardBody must be a valid JSON object: ${String(cause)}`);
  }
  const widgets = typeof value === "object" && value !== null ? (value as Members)["widgets"] : undefined;
  if (!Array.isArray(widgets))
    throw invalidInput('The dashboard body is invalid: it should have the property "widgets", a list.');
  const wrong = widgets.findIndex((each: Members | null) => typeof each?.["type"] !== "string");
  if (wrong >= 0)
    throw invalidInput(`The dashboard body is invalid: /widgets/${wrong} should have the property "type".`);
}

function invalidInput(message: string): ServiceError {
  return new ServiceError("DashboardInvalidInputError", message, {
    queryCode: "InvalidParameterInput",
    members: { dashboardValidationMessages: [{ Message: message }] },
  });
}

/** Removes a dashboard, in a transaction of the caller's. */
export function removeDashboard(store: Store, name: string): void {
  store.statement("DELETE FROM cloudwatch_dashboard WHERE name = ?").run(name);
}

export function dashboardArn({ accountId }: World, name: string): string {
  return `arn:aws:cloudwatch::${accountId}:dashboard/${name}`;
}
