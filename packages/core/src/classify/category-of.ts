import type { FailureCategory } from "./category.ts";
import { classify } from "./classify.ts";
import { readThrown } from "./thrown.ts";

/** What kind of failure a thrown value is, whatever it is; never throws. */
export function categoryOf(thrown: unknown): FailureCategory {
  return classify(readThrown(thrown));
}
