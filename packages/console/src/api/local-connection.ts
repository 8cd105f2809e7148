import { CONSOLE_HEADER, type RegionFacts } from "../contract/region.ts";
import { readRegion } from "./call-api.ts";
import type { Connection } from "./connection.ts";

/** The page is served beside a local region, which hands on what is asked for. */
export const localConnection: Connection = {
  reach: async (path) => ({ url: path, headers: { [CONSOLE_HEADER]: "1" } }),
  region: (signal) => readRegion<RegionFacts>("", signal),
  follow: (heard, silent) => {
    const source = new EventSource("/api/live");
    source.onmessage = ({ data }) => heard(JSON.parse(data));
    source.onerror = silent;
    source.addEventListener("silent", silent);
    return () => source.close();
  },
};
