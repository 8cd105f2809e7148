import fc from "fast-check";
import * as v from "valibot";
import { expect, test } from "vitest";
import { generateEvent } from "./generate-event.ts";
import { storeEventSchema } from "./store-event.ts";
import { storeIdFailure } from "./store-id.ts";

/** Numbers as Math.random gives them. */
const randoms = fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }));
const times = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date("2100-01-01") });

test("every event has the body that the consumer takes, and the attributes that belong to it", () => {
  fc.assert(
    fc.property(randoms, times, (numbers, time) => {
      const { message, bad } = generateEvent(() => numbers.next().value, time.getTime());
      const body = v.parse(storeEventSchema, JSON.parse(message.body));
      expect(body.evnt_time).toBe(time.toISOString());
      const { project, contact_me, ts, store_id, ...others } = message.attributes ?? {};
      expect([project?.dataType, contact_me?.dataType]).toEqual(["String", "String"]);
      expect(ts).toEqual({ dataType: "Number", stringValue: String(Math.floor(time.getTime() / 1000)) });
      expect(others).toEqual({});
      if (!bad) {
        expect(store_id?.dataType).toBe("Number");
        expect(["1", "2", "3", "4", "5"]).toContain(store_id?.stringValue);
      }
    }),
  );
});

test("exactly the bad events are those that the consumer refuses", () => {
  fc.assert(
    fc.property(randoms, (numbers) => {
      const { message, bad } = generateEvent(() => numbers.next().value, 0);
      expect(storeIdFailure(message.attributes ?? {}) !== undefined).toBe(bad);
    }),
  );
});

test("the social security number is one that no person has", () => {
  fc.assert(
    fc.property(randoms, (numbers) => {
      const { message } = generateEvent(() => numbers.next().value, 0);
      expect(JSON.parse(message.body).ssn_no).toMatch(/^000-\d{2}-\d{4}$/);
    }),
  );
});
