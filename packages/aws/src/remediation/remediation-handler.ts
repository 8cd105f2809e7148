import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { type LogLine, ReliqError } from "@reliq/core";
import {
  type AppliedRemedy,
  type CompleteRemedy,
  completeRemedies,
  decideRemedy,
  type Remedy,
  type RemedyDecision,
} from "@reliq/core/remediation";
import { dynamodbBreakers } from "../dynamodb/breakers.ts";
import { needText } from "../environment.ts";
import { logLines } from "../log-lines.ts";
import { type RemedyTable, remedyTable } from "./remedy-table.ts";
import { settingOf } from "./settings.ts";
import { isTroubled, type TroubleSources } from "./troubles.ts";

const SET_BY = "The Remediation construct";

interface Remediation extends TroubleSources {
  readonly lambda: LambdaClient;
  readonly table: RemedyTable;
  readonly enabled: boolean;
  readonly log: (line: LogLine) => void;
  readonly tell: (line: object) => Promise<void>;
}

/**
 * Makes the function of a Remediation: at each run every remedy looks at its problem, and changes its setting or takes the change back. Where remedies
 * are not enabled it says what it would do, and does nothing.
 * @throws ReliqError `environment` that names a missing variable; `remedy` for one that cannot work.
 */
export function remediationHandler(environment: NodeJS.ProcessEnv = process.env): () => Promise<void> {
  const remedies = readRemedies(needText(environment, "RELIQ_REMEDIES", "a list of remedies", SET_BY));
  const parts = remediationOf(environment);
  return async () => {
    const ends = await Promise.allSettled(remedies.map((remedy) => apply(remedy, parts)));
    const failed = ends.filter((end) => end.status === "rejected");
    // Its schedule comes back in a minute; a failed invocation raises the alarm on errors.
    if (failed.length > 0)
      throw new AggregateError(
        failed.map(({ reason }) => reason),
        "Remedies failed.",
      );
  };
}

function remediationOf(environment: NodeJS.ProcessEnv): Remediation {
  const dynamodb = new DynamoDBClient({});
  const journal = environment["RELIQ_JOURNAL_TABLE"] ?? "";
  const topic = environment["RELIQ_REMEDY_TOPIC"];
  const sns = new SNSClient({});
  return {
    lambda: new LambdaClient({}),
    sqs: new SQSClient({}),
    cloudwatch: new CloudWatchClient({}),
    breakers: dynamodbBreakers(dynamodb, journal),
    table: remedyTable(dynamodb, needText(environment, "RELIQ_REMEDY_TABLE", "the name of a table", SET_BY)),
    enabled: environment["RELIQ_REMEDIES_ENABLED"] === "true",
    log: logLines(environment, SET_BY),
    tell: async (line) => {
      if (topic) await sns.send(new PublishCommand({ TopicArn: topic, Message: JSON.stringify(line) }));
    },
  };
}

function readRemedies(text: string): readonly CompleteRemedy[] {
  try {
    return completeRemedies(JSON.parse(text) as readonly Remedy[]);
  } catch (error) {
    if (error instanceof ReliqError) throw error;
    throw new ReliqError("environment", "RELIQ_REMEDIES is no list of remedies in JSON.", { cause: error });
  }
}

async function apply(remedy: CompleteRemedy, parts: Remediation): Promise<void> {
  const { table, log } = parts;
  const nowMs = Date.now();
  try {
    const setting = settingOf(parts.lambda, remedy);
    const [level, troubled, applied] = await Promise.all([
      setting.read(),
      isTroubled(parts, remedy, nowMs),
      table.read(remedy.name),
    ]);
    if (level === undefined) return;
    const decision = decideRemedy(remedy, { level, troubled, nowMs }, applied);
    // What was changed while it was enabled is still taken back.
    if (!parts.enabled && decision.kind === "apply") return propose(remedy, decision, level, log);
    if (changed(applied, decision.applied)) await table.write(remedy.name, decision.applied, applied);
    if (decision.set === undefined) return;
    await setting.write(decision.set);
    const said = { remedy: remedy.name, kind: remedy.kind, from: level, to: decision.set, why: decision.why };
    const line =
      decision.kind === "revert" ? { event: "remedy-reverted", ...said } : { event: "remedy-applied", ...said };
    log({ level: "warn", ...line });
    await parts.tell(line);
  } catch (error) {
    log({ level: "error", event: "remedy-failed", remedy: remedy.name, error: String(error) });
    throw error;
  }
}

function propose(remedy: CompleteRemedy, { set, why }: RemedyDecision, from: number, log: Remediation["log"]): void {
  log({ level: "info", event: "remedy-proposed", remedy: remedy.name, kind: remedy.kind, from, to: set, why });
}

function changed(before: AppliedRemedy | undefined, after: AppliedRemedy | undefined): boolean {
  return JSON.stringify(before) !== JSON.stringify(after);
}
