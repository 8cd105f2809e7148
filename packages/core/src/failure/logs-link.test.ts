import { expect, test } from "vitest";
import { logsLink } from "./logs-link.ts";

test("an attempt's link leads to its log stream, with its invocation's lines", () => {
  const attempt = { requestId: "r-1", logGroup: "/aws/lambda/orders", logStream: "2026/11/26/[$LATEST]ab" };
  expect(logsLink(attempt, "eu-west-1")).toBe(
    "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group/$252Faws$252Flambda$252Forders/log-events/2026$252F11$252F26$252F$255B$2524LATEST$255Dab$3FfilterPattern$3D$2522r-1$2522",
  );
});

test("an attempt of a worker has no log stream to link to", () => {
  expect(logsLink({ requestId: "r-1" }, "eu-west-1")).toBeUndefined();
});
