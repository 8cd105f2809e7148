import { type ApiHandler, recoveryApiHandler, recoveryFromEnvironment } from "@reliq/aws/recovery";
import { POLICY } from "../domain/failure-types.ts";
import { orderSchema, PERSONAL_FIELDS } from "../domain/order.ts";
import { NAMES } from "../names.ts";

/** What the console and `reliq` ask for: an edit is checked as the consumer would. */
export const handler: ApiHandler = recoveryApiHandler(
  recoveryFromEnvironment({
    policy: POLICY,
    repairs: [],
    schemas: { [NAMES.queue]: { schema: orderSchema, personalFields: PERSONAL_FIELDS } },
  }),
);
