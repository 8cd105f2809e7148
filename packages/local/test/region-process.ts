import { startRegion } from "../src/region.ts";

const [stateDirectory = "", assembly = ""] = process.argv.slice(2);
console.log("starting");
const region = await startRegion({ stateDirectory, port: 0, assembly });
console.log(`ready ${region.endpoint}`);
