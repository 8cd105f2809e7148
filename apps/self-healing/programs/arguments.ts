import { parseArgs } from "node:util";

/** What both programs are told. */
export interface Settings {
  /** Of the AWS SDK's clients: local with an endpoint, AWS by its own settings without. */
  readonly client: {
    readonly endpoint?: string;
    readonly region: string;
    readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** Where one program notes for the other what was sent. */
  readonly file: string;
  readonly seconds: number;
}

/** Reads `--endpoint http://127.0.0.1:4566`, `--region`, `--file` and `--seconds`. @throws TypeError for others */
export function readArguments(args: readonly string[], region: string): Settings {
  const { values } = parseArgs({
    args: [...args],
    options: {
      endpoint: { type: "string" },
      region: { type: "string", default: region },
      file: { type: "string", default: "self-healing-sent.json" },
      seconds: { type: "string", default: "300" },
    },
  });
  const { endpoint } = values;
  const local = endpoint !== undefined && { endpoint, credentials: { accessKeyId: "local", secretAccessKey: "local" } };
  return { client: { region: values.region, ...local }, file: values.file, seconds: Number(values.seconds) };
}
