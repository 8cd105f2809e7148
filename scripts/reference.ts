import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { auditReference, eventReference } from "@reliq/core/recovery";
import { localRegionReference } from "@reliq/local/reference";
import { jsonReference } from "reliq/reference";
import { appEvents, loggedEvents } from "./logged-events.ts";

const PATH = "docs/reference/local-region.md";

mkdirSync(dirname(PATH), { recursive: true });
writeFileSync(PATH, await localRegionReference());
writeFileSync("docs/reference/audit.md", auditReference());
writeFileSync("docs/reference/cli-json.md", jsonReference());
writeFileSync("docs/reference/events.md", eventReference(loggedEvents(), appEvents()));
