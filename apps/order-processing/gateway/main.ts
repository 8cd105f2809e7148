import { parseArgs } from "node:util";
import { serveGateway } from "./serve-gateway.ts";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "4580" },
    refused: { type: "string", default: "0" },
    "lost-answers": { type: "string", default: "0" },
    "delay-ms": { type: "string", default: "0" },
    "declined-from-cents": { type: "string", default: "Infinity" },
    undeliverable: { type: "string", default: "0" },
  },
});
const faults = {
  refused: Number(values.refused),
  lostAnswers: Number(values["lost-answers"]),
  delayMs: Number(values["delay-ms"]),
  declinedFromCents: Number(values["declined-from-cents"]),
  undeliverable: Number(values.undeliverable),
};
console.log(`A payment gateway and a carrier answer at ${await serveGateway(faults, Number(values.port))}`);
