import { startRegion } from "../src/region.ts";

const [stateDirectory = "", assembly = "", jumps] = process.argv.slice(2);
console.log("starting");
const region = await startRegion({
  stateDirectory,
  port: 0,
  jumps: jumps !== undefined,
  ...(assembly && { assembly }),
});
console.log(`ready ${region.endpoint}`);
