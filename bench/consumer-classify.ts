import { AuthFailure, categoryOf, ThrottledFailure, ValidationFailure } from "@reliq/core";
import { median } from "./compare.ts";

/** What it takes to say what kind of failure a thrown value is. */
export interface Classification {
  /** CPU of the process, microseconds an error, over errors of the kinds that handlers throw. */
  readonly classificationMicroseconds: number;
}

/** Runs that count, after as many that warm up. */
const RUNS = 7;
const ROUNDS = 100_000;

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
export function measureClassification(): Classification {
  const runs = Array.from({ length: 2 * RUNS }, classifyAll).slice(RUNS);
  const classificationMicroseconds = Number(median(runs).toFixed(3));
  console.error(`classification  ${classificationMicroseconds} µs an error`);
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
