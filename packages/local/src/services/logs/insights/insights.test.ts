import { join } from "node:path";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteQueryDefinitionCommand,
  DescribeQueryDefinitionsCommand,
  GetQueryResultsCommand,
  PutLogEventsCommand,
  PutQueryDefinitionCommand,
  StartQueryCommand,
  StopQueryCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { beforeEach, expect, test } from "vitest";
import { writeAssembly } from "../../../../test/assembly-fixture.ts";
import { useJumpFixture } from "../../../../test/jump-fixture.ts";

const fixture = useJumpFixture();

let logs: CloudWatchLogsClient;
const connect = (): void => {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  logs = new CloudWatchLogsClient({ endpoint: fixture().region.endpoint, region: "us-east-1", credentials });
};
beforeEach(connect);

const NOW_SECONDS = Math.floor(Date.now() / 1_000);

async function write(
  logGroupName: string,
  ...messages: readonly [ageSeconds: number, message: object][]
): Promise<void> {
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: "a" }));
  const logEvents = messages.map(([age, message]) => ({
    timestamp: (NOW_SECONDS - age) * 1_000,
    message: JSON.stringify(message),
  }));
  await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName: "a", logEvents }));
}

const hour = { startTime: NOW_SECONDS - 3_600, endTime: NOW_SECONDS };

test("a query reads several groups within its time, and says what it read", async () => {
  await write("a", [7_200, { n: 1 }], [60, { n: 2 }]);
  await write("b", [30, { n: 3 }], [20, { other: 4 }]);
  const queryString = "filter ispresent(n) | stats sum(n) as total, count(*) as events by @log | sort @log";
  const { queryId } = await logs.send(new StartQueryCommand({ ...hour, logGroupNames: ["a", "b"], queryString }));
  const answer = await logs.send(new GetQueryResultsCommand({ queryId }));
  expect(answer.status).toBe("Complete");
  expect(answer.results?.map((row) => row.map(({ field, value }) => `${field}=${value}`))).toEqual([
    ["@log=000000000000:a", "total=2", "events=1"],
    ["@log=000000000000:b", "total=3", "events=1"],
  ]);
  expect(answer.statistics).toMatchObject({ recordsMatched: 2, recordsScanned: 3 });
  await expect(logs.send(new StopQueryCommand({ queryId }))).rejects.toThrow("has ended with the status Complete");
});

test("a query that cannot be run is refused when it is started, and one that nobody started when it is asked for", async () => {
  await write("a", [60, { n: 2 }]);
  const start = (more: object) =>
    logs.send(new StartQueryCommand({ ...hour, logGroupName: "a", queryString: "fields n", ...more }));
  await expect(start({ queryString: "dedup n" })).rejects.toMatchObject({
    name: "MalformedQueryException",
    message: expect.stringContaining("does not serve the command dedup"),
  });
  await expect(start({ logGroupName: "none" })).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  await expect(start({ logGroupName: undefined })).rejects.toThrow("takes 1 to 50 log groups");
  await expect(start({ endTime: 1 })).rejects.toThrow("later than endTime 1");
  await expect(logs.send(new GetQueryResultsCommand({ queryId: "none" }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});

test("a query is saved by a request or by a template, listed by its name, kept over a restart, and deleted", async () => {
  const Properties = { Name: "shop/errors", QueryString: "filter level = 'error'", LogGroupNames: ["a"] };
  const Resources = { Errors: { Type: "AWS::Logs::QueryDefinition", Properties } };
  await fixture().region.deploy(
    writeAssembly(join(fixture().directory, "cdk.out"), { Shop: { template: { Resources } } }),
  );
  const saved = await logs.send(new PutQueryDefinitionCommand({ name: "own", queryString: "fields a" }));
  await expect(logs.send(new PutQueryDefinitionCommand({ name: "own", queryString: "unmask a" }))).rejects.toThrow(
    "the command unmask",
  );
  await fixture().restart();
  connect();
  const list = async (queryDefinitionNamePrefix?: string) =>
    (await logs.send(new DescribeQueryDefinitionsCommand({ queryDefinitionNamePrefix }))).queryDefinitions;
  expect(await list("shop/")).toMatchObject([
    { name: "shop/errors", queryString: "filter level = 'error'", logGroupNames: ["a"] },
  ]);
  const { queryDefinitionId } = saved;
  expect((await list())?.map(({ name }) => name)).toEqual(["own", "shop/errors"]);
  await logs.send(new DeleteQueryDefinitionCommand({ queryDefinitionId }));
  expect((await list())?.map(({ name }) => name)).toEqual(["shop/errors"]);
  await expect(logs.send(new DeleteQueryDefinitionCommand({ queryDefinitionId }))).rejects.toThrow("does not exist");
});
