import { ownVariables } from "@reliq/aws";

type Variable =
  | "ANSWER_TABLE"
  | "EVENT_BUS_NAME"
  | "FAILURE_MODE_PARAMETER"
  | "ORDER_TABLE"
  | "QUEUE_NAME"
  | "QUEUE_URL"
  | "TTL_SECONDS";

/** Gives a variable that the functions stack sets. @throws ReliqError `environment` that names it. */
export const need: (name: Variable) => string = ownVariables("The functions stack of event-ingestion");
