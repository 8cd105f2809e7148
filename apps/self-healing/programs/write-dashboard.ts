import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DASHBOARD } from "../dashboard.ts";

writeFileSync(join(import.meta.dirname, "../cloudwatch-dashboard.json"), DASHBOARD);
