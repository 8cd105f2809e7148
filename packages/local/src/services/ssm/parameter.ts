import type { Members, World } from "../../kernel/service.ts";
import { ServiceError } from "../../kernel/service-error.ts";
import type { Store } from "../../kernel/store.ts";

/** The versions of each parameter; times are milliseconds since the epoch. */
export const SCHEMA = `
CREATE TABLE IF NOT EXISTS ssm_parameter (
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  type TEXT NOT NULL,
  value TEXT NOT NULL,
  description TEXT,
  allowedPattern TEXT,
  dataType TEXT NOT NULL,
  tier TEXT NOT NULL,
  modifiedAt INTEGER NOT NULL,
  PRIMARY KEY (name, version)
) WITHOUT ROWID`;

/** One version of a parameter. */
export interface Parameter {
  readonly name: string;
  readonly version: number;
  readonly type: string;
  /** In plain text, whatever its type. */
  readonly value: string;
  readonly description: string | null;
  readonly allowedPattern: string | null;
  readonly dataType: string;
  readonly tier: string;
  readonly modifiedAt: number;
}

/** The latest version of a parameter, or undefined. */
export function findParameter(store: Store, name: string): Parameter | undefined {
  return versionsOf(store, name)[0];
}

/** Every version of a parameter that is kept, the latest first. */
export function versionsOf(store: Store, name: string): readonly Parameter[] {
  const sql = "SELECT * FROM ssm_parameter WHERE name = ? ORDER BY version DESC";
  return store.statement(sql).all(name) as unknown as Parameter[];
}

/** The latest version of each parameter, by name. */
export function allParameters(store: Store): readonly Parameter[] {
  const sql =
    "SELECT * FROM ssm_parameter AS p WHERE version = (SELECT max(version) FROM ssm_parameter WHERE name = p.name) ORDER BY name";
  return store.statement(sql).all() as unknown as Parameter[];
}

/** The parameter that a name, an ARN or `name:version` means. @throws ParameterNotFound or ParameterVersionNotFound */
export function requestedParameter(store: Store, given: string): Parameter {
  const [name = "", version] = parameterName(given).split(":");
  const versions = versionsOf(store, name);
  const [latest] = versions;
  if (!latest) throw new ServiceError("ParameterNotFound", `Parameter ${given} not found.`);
  if (version === undefined) return latest;
  const found = versions.find((each) => String(each.version) === version);
  if (found) return found;
  const message = `Systems Manager could not find version ${version} of ${name}. Verify the version and try again.`;
  throw new ServiceError("ParameterVersionNotFound", message);
}

/** The name in an ARN; a name without levels has no slash before it. */
export function parameterName(given: string): string {
  const path = /^arn:aws:ssm:[^:]*:\d*:parameter(\/.*)$/.exec(given)?.[1];
  if (path === undefined) return given;
  return path.lastIndexOf("/") === 0 ? path.slice(1) : path;
}

/** What is shown of a version; a SecureString that is not decrypted is no more readable than on AWS. */
export function shown({ region, accountId }: World, parameter: Parameter, decrypted: boolean): Members {
  const { name, type, value, version, modifiedAt, dataType } = parameter;
  const secret = type === "SecureString" && !decrypted;
  return {
    Name: name,
    Type: type,
    Value: secret ? Buffer.from(`encrypted:${value}`).toString("base64") : value,
    Version: version,
    LastModifiedDate: modifiedAt / 1_000,
    ARN: `arn:aws:ssm:${region}:${accountId}:parameter${name.startsWith("/") ? "" : "/"}${name}`,
    DataType: dataType,
  };
}
