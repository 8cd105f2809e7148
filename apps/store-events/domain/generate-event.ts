import type { OutgoingMessage } from "@reliq/core";
import type { StoreEvent } from "./store-event.ts";

/** A message to send, and whether it lacks the store that it comes from. */
export interface GeneratedEvent {
  readonly message: OutgoingMessage;
  readonly bad: boolean;
}

/** A share of events like that of a store whose till forgets who it is. */
const BAD_SHARE = 0.25;

const STORES = 5;
const NAMES = ["Ada", "Blaise", "Emmy", "Grace", "Kurt", "Leonhard", "Mary", "Niels"] as const;
const GENDERS = ["F", "M", "X"] as const;

/** Makes up one event; `random` gives numbers from 0 up to 1, without 1. */
export function generateEvent(random: () => number, nowMs: number): GeneratedEvent {
  const bad = random() < BAD_SHARE;
  return {
    bad,
    message: {
      body: JSON.stringify(generateBody(random, nowMs)),
      attributes: {
        project: { dataType: "String", stringValue: "reliq-store-events" },
        contact_me: { dataType: "String", stringValue: "store-events@example.com" },
        ts: { dataType: "Number", stringValue: String(Math.floor(nowMs / 1000)) },
        ...(!bad && { store_id: { dataType: "Number", stringValue: String(wholeFrom(random, 1, STORES)) } }),
      },
    },
  };
}

function generateBody(random: () => number, nowMs: number): StoreEvent {
  return {
    name: oneOf(random, NAMES),
    dob: `${wholeFrom(random, 1950, 2005)}-${digits(wholeFrom(random, 1, 12), 2)}-${digits(wholeFrom(random, 1, 28), 2)}`,
    gender: oneOf(random, GENDERS),
    // No person has a number of the area 000 (Social Security Administration, randomization FAQ).
    ssn_no: `000-${digits(wholeFrom(random, 1, 99), 2)}-${digits(wholeFrom(random, 1, 9999), 4)}`,
    data_share_consent: random() < 0.5,
    evnt_time: new Date(nowMs).toISOString(),
  };
}

function oneOf<T>(random: () => number, values: readonly [T, ...T[]]): T {
  return values[wholeFrom(random, 0, values.length - 1)] ?? values[0];
}

function wholeFrom(random: () => number, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1));
}

function digits(value: number, count: number): string {
  return String(value).padStart(count, "0");
}
