import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SQSClient } from "@aws-sdk/client-sqs";
import { type Clock, systemClock } from "../src/kernel/clock.ts";
import { type Region, startRegion } from "../src/region.ts";
import { type FixtureStack, writeAssembly } from "./assembly-fixture.ts";

/** A region of a test's own, its clients, and the lines that it reported. */
export interface Fixture {
  region: Region;
  lambda: LambdaClient;
  sqs: SQSClient;
  readonly stateDirectory: string;
  readonly reports: string[];
  /** Deploys functions by name, as an assembly does: the text of index.mjs, and further properties. */
  deploy(functions: Readonly<Record<string, FunctionFixture>>, resources?: object): Promise<void>;
  /** Stops the region and starts it again on its state. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

interface FunctionFixture {
  readonly code: string;
  readonly properties?: object;
}

/** Starts a region on a state directory of its own. */
export async function startFixture(
  clock: Clock = systemClock(),
  { jumps = false }: { jumps?: boolean } = {},
): Promise<Fixture> {
  const directory = mkdtempSync(join(tmpdir(), "reliq-lambda-"));
  const stateDirectory = join(directory, "state");
  const reports: string[] = [];
  const start = (): Promise<Region> =>
    startRegion({ stateDirectory, port: 0, clock, jumps, report: (line) => reports.push(line) });
  const region = await start();
  const fixture: Fixture = {
    region,
    ...clients(region),
    stateDirectory,
    reports,
    deploy: async (functions, resources = {}) => {
      const assembly = join(directory, "cdk.out");
      rmSync(assembly, { recursive: true, force: true });
      await fixture.region.deploy(writeAssembly(assembly, { Shop: stackOf(functions, resources) }));
    },
    restart: async () => {
      await fixture.region.stop();
      fixture.region = await start();
      Object.assign(fixture, clients(fixture.region));
    },
    close: async () => {
      await fixture.region.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
  return fixture;
}

function clients({ endpoint }: Region): { lambda: LambdaClient; sqs: SQSClient } {
  const settings = {
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  };
  return { lambda: new LambdaClient(settings), sqs: new SQSClient(settings) };
}

function stackOf(functions: Readonly<Record<string, FunctionFixture>>, resources: object): FixtureStack {
  const entries = Object.entries(functions);
  return {
    template: {
      Resources: {
        ...Object.fromEntries(
          entries.map(([name, { code, properties }]) => [
            `Function${name.replace(/\W/g, "")}`,
            {
              Type: "AWS::Lambda::Function",
              Properties: {
                FunctionName: name,
                Runtime: "nodejs24.x",
                Handler: "index.handler",
                Role: "arn:aws:iam::000000000000:role/test",
                Code: { S3Bucket: "assets", S3Key: assetKey(code) },
                ...properties,
              },
            },
          ]),
        ),
        ...resources,
      },
    },
    assets: Object.fromEntries(entries.map(([, { code }]) => [assetKey(code), { "index.mjs": code }])),
  };
}

function assetKey(code: string): string {
  return `${createHash("sha256").update(code).digest("hex")}.zip`;
}
