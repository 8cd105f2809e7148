import { GetParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import type { LogLine } from "@reliq/core";
import { FAILURE_MODES, type FailureMode, failureModeOf, type ReadFailureMode } from "../domain/failure-mode.ts";

/** How long a mode is gone by before the parameter is read again, milliseconds. */
const FRESH_MS = 5_000;

/** The failure mode by a parameter, read every 5 seconds at most. Where it cannot be read or says something else, events go on as they did: a fault to practise with must not become one. */
export function ssmFailureMode(client: SSMClient, name: string, log: (line: LogLine) => void): ReadFailureMode {
  let mode: FailureMode = "none";
  let freshUntilMs = 0;
  let reading: Promise<FailureMode> = Promise.resolve(mode);
  const read = async (): Promise<FailureMode> => {
    try {
      const { Parameter } = await client.send(new GetParameterCommand({ Name: name }));
      const said = failureModeOf(Parameter?.Value);
      if (said) mode = said;
      else log({ level: "warn", event: "failure-mode-unknown", value: String(Parameter?.Value), takes: FAILURE_MODES });
    } catch (error) {
      log({ level: "warn", event: "failure-mode-unread", error: String(error) });
    }
    return mode;
  };
  return () => {
    if (Date.now() >= freshUntilMs) {
      freshUntilMs = Date.now() + FRESH_MS;
      reading = read();
    }
    // The messages of a batch go by one reading.
    return reading;
  };
}
