/** The credentials of the local region: any will do. */
const LOCAL_CREDENTIALS = { accessKeyId: "local", secretAccessKey: "local" };

/** What any AWS SDK client needs to talk to the local region. */
export interface ClientSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: typeof LOCAL_CREDENTIALS;
}

/** The settings of any AWS SDK client for the region at an endpoint. */
export function clientSettings(endpoint: string): ClientSettings {
  return { endpoint, region: process.env["AWS_REGION"] ?? "us-east-1", credentials: LOCAL_CREDENTIALS };
}
