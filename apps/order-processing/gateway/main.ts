import { parseArgs } from "node:util";
import { serveGateway } from "./serve-gateway.ts";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "4580" },
    refused: { type: "string", default: "0" },
    "lost-answers": { type: "string", default: "0" },
    "delay-ms": { type: "string", default: "0" },
    "declined-from-cents": { type: "string", default: "Infinity" },
  },
});
const faults = {
  refused: Number(values.refused),
  lostAnswers: Number(values["lost-answers"]),
  delayMs: Number(values["delay-ms"]),
  declinedFromCents: Number(values["declined-from-cents"]),
};
console.log(`A payment gateway answers at ${await serveGateway(faults, Number(values.port))}`);
