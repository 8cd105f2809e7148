import {
  DeleteDashboardsCommand,
  GetDashboardCommand,
  ListDashboardsCommand,
  PutDashboardCommand,
} from "@aws-sdk/client-cloudwatch";
import { expect, test } from "vitest";
import { useJumpFixture } from "../../../test/jump-fixture.ts";

const fixture = useJumpFixture();

test("a dashboard is kept as it is defined, listed, and deleted", async () => {
  const { cloudwatch } = fixture();
  const DashboardBody = JSON.stringify({ widgets: [{ type: "metric", x: 0, properties: { metrics: [["AWS/SQS"]] } }] });
  await cloudwatch.send(new PutDashboardCommand({ DashboardName: "shop", DashboardBody }));
  await fixture().restart();
  const again = fixture().cloudwatch;
  expect(await again.send(new GetDashboardCommand({ DashboardName: "shop" }))).toMatchObject({
    DashboardBody,
    DashboardArn: "arn:aws:cloudwatch::000000000000:dashboard/shop",
  });
  const { DashboardEntries } = await again.send(new ListDashboardsCommand({ DashboardNamePrefix: "sh" }));
  expect(DashboardEntries).toMatchObject([{ DashboardName: "shop", Size: DashboardBody.length }]);
  await again.send(new DeleteDashboardsCommand({ DashboardNames: ["shop"] }));
  await expect(again.send(new GetDashboardCommand({ DashboardName: "shop" }))).rejects.toMatchObject({
    name: "ResourceNotFound",
  });
});

test("a dashboard whose body is wrong is refused", async () => {
  const put = (DashboardBody: string) =>
    fixture().cloudwatch.send(new PutDashboardCommand({ DashboardName: "shop", DashboardBody }));
  await expect(put("{")).rejects.toMatchObject({ name: "DashboardInvalidInputError" });
  await expect(put("{}")).rejects.toThrow('should have the property "widgets"');
  await expect(put('{"widgets":[{}]}')).rejects.toThrow("/widgets/0");
});
