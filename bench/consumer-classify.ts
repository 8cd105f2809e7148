import { setTimeout as wait } from "node:timers/promises";
import { AuthFailure, categoryOf, ThrottledFailure, ValidationFailure } from "@reliq/core";
import { median } from "./compare.ts";

/** What it takes to say what kind of failure a thrown value is. */
export interface Classification {
  /** CPU of the process, microseconds an error, over errors of the kinds that handlers throw. */
  readonly classificationMicroseconds: number;
}

/** Runs that count, after as many that warm up; the least does: others on the machine, which can halve its speed for seconds, only ever add to it. */
const RUNS = 40;
const ROUNDS = 20_000;
const PAUSE_MS = 200;

/** Typed failures, codes of Node, of the AWS SDK and of HTTP clients, a cause that has the code, and errors of which only the words or nothing is known. */
const ERRORS: readonly unknown[] = [
  new ValidationFailure("the order has no customer"),
  new ThrottledFailure("too many calls"),
  new AuthFailure("the token is expired"),
  Object.assign(new Error("connect ECONNREFUSED 10.0.0.1:443"), { code: "ECONNREFUSED" }),
  Object.assign(new Error("Rate exceeded"), { name: "ThrottlingException", $metadata: { httpStatusCode: 400 } }),
  Object.assign(new Error("Request failed with status code 503"), { response: { status: 503 } }),
  new TypeError("fetch failed", { cause: Object.assign(new Error("other side closed"), { code: "UND_ERR_SOCKET" }) }),
  new Error("the payment service timed out"),
  new Error("the order 12345 is already shipped"),
  new TypeError("Cannot read properties of undefined (reading 'cents')"),
];

/** Classifies each kind as often as the others; a checksum keeps the work from being left out. */
export async function measureClassification(): Promise<Classification> {
  for (let warmUp = 0; warmUp < RUNS; warmUp++) classifyAll();
  const runs: number[] = [];
  while (runs.length < RUNS) {
    await wait(PAUSE_MS);
    runs.push(classifyAll());
  }
  const classificationMicroseconds = Number(Math.min(...runs).toFixed(3));
  console.error(
    `classification  ${classificationMicroseconds} µs an error, in the median of ${RUNS} runs ${median(runs).toFixed(3)}`,
  );
  return { classificationMicroseconds };
}

function classifyAll(): number {
  let letters = 0;
  const before = process.cpuUsage();
  for (let round = 0; round < ROUNDS; round++) {
    for (const error of ERRORS) letters += categoryOf(error).length;
  }
  const { user, system } = process.cpuUsage(before);
  if (letters === 0) throw new Error("nothing was classified");
  return (user + system) / (ROUNDS * ERRORS.length);
}
