import type { ApiRequests } from "@reliq/core/recovery";
import { readTime } from "../../format/time.ts";

/** What a person says of a run before it is planned, as it stands in the fields. */
export interface RunDraft {
  readonly queue: string;
  readonly category: string;
  readonly errorName: string;
  readonly fingerprint: string;
  readonly messageGroup: string;
  /** `2026-01-31 12:00`, UTC, or empty. */
  readonly from: string;
  readonly to: string;
  readonly maxMessages: string;
  readonly ratePerSecond: string;
  readonly ramp: string;
  readonly minAgeSeconds: string;
}

/** What a run does where nothing else is said: the defaults of the API. */
const NOTHING: RunDraft = {
  queue: "",
  category: "",
  errorName: "",
  fingerprint: "",
  messageGroup: "",
  from: "",
  to: "",
  maxMessages: "1000",
  ratePerSecond: "10",
  ramp: "1, 5, 25, 100",
  minAgeSeconds: "0",
};

/** A draft of what an address says. */
export function draftOf(query: URLSearchParams): RunDraft {
  const said = Object.keys(NOTHING).flatMap((name) => (query.has(name) ? [[name, query.get(name)]] : []));
  return { ...NOTHING, ...Object.fromEntries(said) };
}

/** What a draft asks of the API, which checks it: what is no number is sent as it is, and refused by name. */
export function askedOf(draft: RunDraft): ApiRequests["plan-redrive"] {
  const { queue, category, errorName, fingerprint, messageGroup, from, to } = draft;
  const texts = { category, errorName, fingerprint, messageGroup };
  const given = Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== ""));
  const times = { ...(from !== "" && { fromMs: readTime(from) }), ...(to !== "" && { toMs: readTime(to) }) };
  return {
    filter: { queue, ...given, ...times },
    options: {
      maxMessages: Number(draft.maxMessages),
      ratePerSecond: Number(draft.ratePerSecond),
      minAgeSeconds: Number(draft.minAgeSeconds),
      ramp: draft.ramp.split(",").map(Number),
    },
  };
}
