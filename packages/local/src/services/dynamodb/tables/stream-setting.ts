import type { Members } from "../../../kernel/service.ts";
import { validationError } from "../request/errors.ts";
import { flag, optionalChoice, optionalMap } from "../request/members.ts";
import type { StreamSetting, StreamViewType } from "./table.ts";

const VIEW_TYPES: readonly StreamViewType[] = ["NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES", "KEYS_ONLY"];

/** Reads StreamSpecification: a new stream, or undefined where streams stay off. @throws ValidationException */
export function parseStream(input: Members, nowMs: number): StreamSetting | undefined {
  const specification = optionalMap(input, "StreamSpecification");
  if (!specification) return undefined;
  const viewType = optionalChoice(specification, "StreamViewType", VIEW_TYPES);
  if (!flag(specification, "StreamEnabled")) {
    if (viewType === undefined) return undefined;
    throw validationError(
      "One or more parameter values were invalid: StreamViewType cannot be specified when StreamEnabled is false",
    );
  }
  if (viewType) return newStream(nowMs, viewType);
  throw validationError(
    "One or more parameter values were invalid: StreamViewType must be specified when StreamEnabled is true",
  );
}

/** A stream that is enabled now. */
export function newStream(nowMs: number, viewType: StreamViewType): StreamSetting {
  return { label: new Date(nowMs).toISOString().slice(0, -1), viewType, enabled: true };
}
