import type { Members, World } from "../../../kernel/service.ts";
import type { Store } from "../../../kernel/store.ts";
import { notFound, notServed } from "../errors.ts";
import { functionArn } from "../functions/function-record.ts";
import { takesRecords } from "../functions/function-settings.ts";
import { integerWithin, optionalStructure, optionalText, refuseOthers } from "../input.ts";

/** How a function's asynchronous invocations are retried, and where they go at last. */
export interface InvokeConfig {
  /** @default 2 */
  readonly maximumRetryAttempts?: number;
  /** @default 21600 (6 hours) */
  readonly maximumEventAgeSeconds?: number;
  readonly onSuccessArn?: string;
  readonly onFailureArn?: string;
  readonly modifiedMs: number;
}

/** Reads what a request or a template gives. @throws ValidationException; InvalidParameterValueException */
export function readInvokeConfig(input: Members, nowMs: number): InvokeConfig {
  const destinations = optionalStructure(input, "DestinationConfig") ?? {};
  refuseOthers(destinations, ["OnFailure", "OnSuccess"], "DestinationConfig");
  const retries = integerWithin(input, "MaximumRetryAttempts", 0, 2);
  const age = integerWithin(input, "MaximumEventAgeInSeconds", 60, 21_600);
  const onSuccess = readDestination(destinations, "OnSuccess");
  const onFailure = readDestination(destinations, "OnFailure");
  return {
    ...(retries !== undefined && { maximumRetryAttempts: retries }),
    ...(age !== undefined && { maximumEventAgeSeconds: age }),
    ...(onSuccess !== undefined && { onSuccessArn: onSuccess }),
    ...(onFailure !== undefined && { onFailureArn: onFailure }),
    modifiedMs: nowMs,
  };
}

function readDestination(destinations: Members, name: string): string | undefined {
  const arn = optionalText(optionalStructure(destinations, name) ?? {}, "Destination");
  if (arn === undefined || takesRecords(arn)) return arn;
  throw notServed(`the destination ${arn}: it takes standard SQS queues and SNS topics`);
}

/** A config as the API shows it (FunctionEventInvokeConfig). */
export function shownInvokeConfig(world: World, functionName: string, config: InvokeConfig): Members {
  const { maximumRetryAttempts, maximumEventAgeSeconds, onSuccessArn, onFailureArn, modifiedMs } = config;
  return {
    FunctionArn: `${functionArn(world, functionName)}:$LATEST`,
    LastModified: modifiedMs / 1_000,
    ...(maximumRetryAttempts !== undefined && { MaximumRetryAttempts: maximumRetryAttempts }),
    ...(maximumEventAgeSeconds !== undefined && { MaximumEventAgeInSeconds: maximumEventAgeSeconds }),
    DestinationConfig: {
      OnSuccess: onSuccessArn === undefined ? {} : { Destination: onSuccessArn },
      OnFailure: onFailureArn === undefined ? {} : { Destination: onFailureArn },
    },
  };
}

export function findInvokeConfig(store: Store, functionName: string): InvokeConfig | undefined {
  const row = store.statement("SELECT config FROM lambda_invoke_config WHERE functionName = ?").get(functionName);
  return row && JSON.parse(String(row["config"]));
}

/** @throws ResourceNotFoundException */
export function existingInvokeConfig(world: World, functionName: string): InvokeConfig {
  const config = findInvokeConfig(world.store, functionName);
  const arn = `${functionArn(world, functionName)}:$LATEST`;
  if (!config) throw notFound(`The function ${arn} doesn't have an EventInvokeConfig`);
  return config;
}

/** Writes a config, in a transaction of the caller's. */
export function writeInvokeConfig(store: Store, functionName: string, config: InvokeConfig): void {
  store
    .statement(
      "INSERT INTO lambda_invoke_config (functionName, config) VALUES (?, ?) ON CONFLICT DO UPDATE SET config = excluded.config",
    )
    .run(functionName, JSON.stringify(config));
}

/** Removes a config, in a transaction of the caller's. */
export function deleteInvokeConfigRow(store: Store, functionName: string): void {
  store.statement("DELETE FROM lambda_invoke_config WHERE functionName = ?").run(functionName);
}
