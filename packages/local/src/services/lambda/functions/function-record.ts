import type { Members, World } from "../../../kernel/service.ts";

/** A function, as it is kept. */
export interface FunctionRecord {
  readonly name: string;
  readonly runtime: string;
  readonly handler: string;
  readonly role: string;
  readonly description: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly architectures: readonly string[];
  readonly tracingMode: "Active" | "PassThrough";
  readonly deadLetterArn: string | undefined;
  readonly logGroupName: string;
  readonly logFormat: "JSON" | "Text";
  readonly logLevel: string;
  /** SHA-256 of the code, hexadecimal: the name of its directory. */
  readonly codeHash: string;
  readonly codeBytes: number;
  /** Changes with the code and with each setting. */
  readonly revision: string;
  readonly modifiedMs: number;
  readonly reservedConcurrency: number | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

export function functionArn({ region, accountId }: World, name: string): string {
  return `arn:aws:lambda:${region}:${accountId}:function:${name}`;
}

/** A function as the API shows it (FunctionConfiguration). */
export function functionConfiguration(world: World, record: FunctionRecord): Members {
  const json = record.logFormat === "JSON";
  return {
    FunctionName: record.name,
    FunctionArn: functionArn(world, record.name),
    Runtime: record.runtime,
    Role: record.role,
    Handler: record.handler,
    CodeSize: record.codeBytes,
    Description: record.description,
    Timeout: record.timeoutSeconds,
    MemorySize: record.memoryMb,
    LastModified: new Date(record.modifiedMs).toISOString().replace("Z", "+0000"),
    CodeSha256: Buffer.from(record.codeHash, "hex").toString("base64"),
    Version: "$LATEST",
    ...(Object.keys(record.variables).length > 0 && { Environment: { Variables: record.variables } }),
    ...(record.deadLetterArn !== undefined && { DeadLetterConfig: { TargetArn: record.deadLetterArn } }),
    TracingConfig: { Mode: record.tracingMode },
    RevisionId: record.revision,
    State: "Active",
    LastUpdateStatus: "Successful",
    PackageType: "Zip",
    Architectures: record.architectures,
    EphemeralStorage: { Size: 512 },
    LoggingConfig: {
      LogFormat: record.logFormat,
      LogGroup: record.logGroupName,
      ...(json && { ApplicationLogLevel: record.logLevel, SystemLogLevel: "INFO" }),
    },
  };
}
