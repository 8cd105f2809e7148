import type { LambdaClient } from "@aws-sdk/client-lambda";
import {
  GetEventSourceMappingCommand,
  GetFunctionConcurrencyCommand,
  PutFunctionConcurrencyCommand,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import type { CompleteRemedy } from "@reliq/core/remediation";

/** A setting that a remedy works on. */
export interface Setting {
  /** Undefined where it cannot be told: it is being changed, or has no limit. */
  read(): Promise<number | undefined>;
  write(level: number): Promise<void>;
}

/** The setting of a remedy, by Lambda's API. */
export function settingOf(lambda: LambdaClient, remedy: CompleteRemedy): Setting {
  switch (remedy.kind) {
    case "scale-concurrency":
      return mappingSetting(lambda, remedy.mapping, {
        read: ({ ScalingConfig }) => ScalingConfig?.MaximumConcurrency,
        write: (level) => ({ ScalingConfig: { MaximumConcurrency: level } }),
      });
    case "pause-intake":
      return mappingSetting(lambda, remedy.mapping, {
        read: ({ State }) => (State === "Enabled" ? 1 : 0),
        write: (level) => ({ Enabled: level === 1 }),
      });
    case "widen-throttle":
      return concurrencySetting(lambda, remedy.functionName);
  }
}

interface MappingPart {
  readonly read: (mapping: {
    readonly State?: string;
    readonly ScalingConfig?: { readonly MaximumConcurrency?: number };
  }) => number | undefined;
  readonly write: (level: number) => object;
}

function mappingSetting(lambda: LambdaClient, UUID: string, { read, write }: MappingPart): Setting {
  return {
    read: async () => {
      const mapping = await lambda.send(new GetEventSourceMappingCommand({ UUID }));
      // Between these two it is on its way from one to the other, and takes no change.
      return mapping.State === "Enabled" || mapping.State === "Disabled" ? read(mapping as never) : undefined;
    },
    write: async (level) => {
      await lambda.send(new UpdateEventSourceMappingCommand({ UUID, ...write(level) }));
    },
  };
}

function concurrencySetting(lambda: LambdaClient, FunctionName: string): Setting {
  return {
    read: async () => {
      const { ReservedConcurrentExecutions } = await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }));
      return ReservedConcurrentExecutions;
    },
    write: async (ReservedConcurrentExecutions) => {
      await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }));
    },
  };
}
