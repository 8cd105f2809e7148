import * as v from "valibot";

/** What happened in a store, as the body of a message carries it; all values here are synthetic. */
export interface StoreEvent {
  readonly name: string;
  /** Date of birth, `1990-12-31`. */
  readonly dob: string;
  readonly gender: "F" | "M" | "X";
  /** Social security number, `000-12-3456`. */
  readonly ssn_no: string;
  readonly data_share_consent: boolean;
  /** When it happened, ISO 8601 in UTC. */
  readonly evnt_time: string;
}

/** The fields that must not be seen in a log, a console or an alert. */
export const PERSONAL_FIELDS: readonly (keyof StoreEvent)[] = ["ssn_no", "dob"];

/** Parses the body of a message. */
export const storeEventSchema: v.GenericSchema<StoreEvent> = v.object({
  name: v.pipe(v.string(), v.nonEmpty()),
  dob: v.pipe(v.string(), v.isoDate()),
  gender: v.picklist(["F", "M", "X"]),
  ssn_no: v.pipe(v.string(), v.regex(/^\d{3}-\d{2}-\d{4}$/)),
  data_share_consent: v.boolean(),
  evnt_time: v.pipe(v.string(), v.isoTimestamp()),
});
