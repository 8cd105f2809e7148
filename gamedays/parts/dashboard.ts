import { emptyWidgets, exactly, type Measure, shown } from "reliq/gameday";
import type { Scene } from "./scene.ts";

/** Whether every widget of the dashboard has something to show; of a small game day it is only shown. */
export async function dashboardMeasures({ stage }: Scene): Promise<readonly Measure[]> {
  const { settings, given, scale } = stage;
  const { widgets, empty } = await emptyWidgets(settings, `IngestionLab-${given["envName"] ?? "dev"}`);
  const name = "widgets of the dashboard that show nothing";
  const which = empty.join(", ") || "none";
  return [shown("widgets of the dashboard", widgets), scale >= 1 ? exactly(name, which, "none") : shown(name, which)];
}
