import { randomBytes } from "node:crypto";
import type { Action, Service, World } from "../../kernel/service.ts";
import { Timestamp } from "../../kernel/timestamp.ts";
import { integerWithin, invalid, refuseOthers, requiredText } from "../scheduler/input.ts";

/** The sessions of assumed roles, by their access keys; times are milliseconds since the epoch. */
const SCHEMA = `
CREATE TABLE IF NOT EXISTS sts_session (
  accessKeyId TEXT PRIMARY KEY,
  arn TEXT NOT NULL,
  userId TEXT NOT NULL,
  expiresAt INTEGER NOT NULL
) WITHOUT ROWID`;

/** How long a session lasts, seconds (AssumeRole). */
const DURATION_SECONDS = { least: 900, most: 43_200, usual: 3_600 };

const ROLE_ARN = /^arn:aws:iam::(\d{12}):role\/(?:[\w+=,.@/-]*\/)?([\w+=,.@-]{1,64})$/;

/** AWS Security Token Service: who one is here, and credentials of a role. As everywhere in the region any credentials will do. */
export function stsService(world: World): Service {
  world.store.define(SCHEMA);
  return {
    name: "sts",
    actions: { AssumeRole: assumeRole(world), GetCallerIdentity: getCallerIdentity(world) },
    partly: {
      AssumeRole:
        "any role of the form can be assumed: access is not checked, so policies and tags are taken without effect; no external ids and no MFA",
      GetCallerIdentity: "the access key names the user, as it does in HTTP APIs",
    },
    query: {
      namespace: "https://sts.amazonaws.com/doc/2011-06-15/",
      shapes: {
        AssumeRole: {
          input: { numbers: ["DurationSeconds"] },
          output: { structures: { AssumedRoleUser: {}, Credentials: {} } },
        },
        GetCallerIdentity: { output: {} },
      },
    },
  };
}

function getCallerIdentity({ store, clock, accountId }: World): Action {
  return (_, { accessKeyId = "root" }) => {
    const session = store.statement("SELECT * FROM sts_session WHERE accessKeyId = ?").get(accessKeyId);
    if (session && Number(session["expiresAt"]) > clock.now()) {
      return { UserId: session["userId"], Account: accountId, Arn: session["arn"] };
    }
    return { UserId: accessKeyId, Account: accountId, Arn: `arn:aws:iam::${accountId}:user/${accessKeyId}` };
  };
}

function assumeRole({ store, clock }: World): Action {
  return async (input) => {
    refuseOthers(
      input,
      ["DurationSeconds", "Policy", "PolicyArns", "RoleArn", "RoleSessionName", "Tags"],
      "AssumeRole",
    );
    const roleArn = requiredText(input, "RoleArn");
    const [, account, role] = ROLE_ARN.exec(roleArn) ?? [];
    if (account === undefined || role === undefined) throw invalid(`${roleArn} is invalid`);
    const session = requiredText(input, "RoleSessionName");
    if (!/^[\w+=,.@-]{2,64}$/.test(session)) {
      throw invalid(
        `1 validation error detected: Value '${session}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`,
      );
    }
    const { least, most, usual } = DURATION_SECONDS;
    const expiresAt = clock.now() + (integerWithin(input, "DurationSeconds", least, most) ?? usual) * 1_000;
    const arn = `arn:aws:sts::${account}:assumed-role/${role}/${session}`;
    const userId = `AROA${letters(16)}:${session}`;
    const accessKeyId = `ASIA${letters(16)}`;
    await store.transaction(() => {
      store.statement("DELETE FROM sts_session WHERE expiresAt <= ?").run(clock.now());
      store.statement("INSERT INTO sts_session VALUES (?, ?, ?, ?)").run(accessKeyId, arn, userId, expiresAt);
    });
    return {
      Credentials: {
        AccessKeyId: accessKeyId,
        SecretAccessKey: randomBytes(30).toString("base64"),
        SessionToken: randomBytes(96).toString("base64"),
        Expiration: new Timestamp(expiresAt),
      },
      AssumedRoleUser: { AssumedRoleId: userId, Arn: arn },
      PackedPolicySize: 0,
    };
  };
}

/** As access keys have them: capital letters and digits from 2 to 7. */
function letters(count: number): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  return [...randomBytes(count)].map((byte) => alphabet[byte % alphabet.length]).join("");
}
