import { clientSettings } from "./client-settings.ts";
import type { StageSettings } from "./gameday/game-day.ts";
import { isHere } from "./recovery-client.ts";
import { DEFAULT_ENDPOINT } from "./region-client.ts";

/** Where something is deployed, as a command is told it. */
export interface DeployedWhere {
  readonly endpoint?: string;
  readonly profile?: string;
  readonly region?: string;
}

/** The settings of AWS SDK clients: of AWS by a profile or a region, else of an endpoint, the local region's where none is named. */
export function deployedSettings({ endpoint, profile, region }: DeployedWhere): StageSettings {
  const isOnAws = endpoint === undefined && (profile !== undefined || region !== undefined);
  const url = endpoint ?? process.env["AWS_ENDPOINT_URL"] ?? DEFAULT_ENDPOINT;
  if (!isOnAws && isHere(new URL(url))) return clientSettings(url);
  return {
    ...(!isOnAws && { endpoint: url }),
    ...(profile !== undefined && { profile }),
    ...(region !== undefined && { region }),
  };
}
