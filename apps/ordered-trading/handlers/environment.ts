import { ownVariables } from "@reliq/aws";

type Variable = "MAIN_QUEUE_NAME" | "ORDER_TABLE_NAME";

/** Gives a variable that the stack sets. @throws ReliqError `environment` that names it. */
export const need: (name: Variable) => string = ownVariables("The stack of ordered-trading");
