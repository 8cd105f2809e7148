import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { auditReference } from "@reliq/core/recovery";
import { localRegionReference } from "@reliq/local/reference";

const PATH = "docs/reference/local-region.md";

mkdirSync(dirname(PATH), { recursive: true });
writeFileSync(PATH, await localRegionReference());
writeFileSync("docs/reference/audit.md", auditReference());
