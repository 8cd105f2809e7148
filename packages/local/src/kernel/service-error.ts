interface ServiceErrorOptions {
  /** HTTP status. @default 400 */
  readonly status?: number;
  /** The code on the Query protocol where it differs from the JSON protocol's. @default the code */
  readonly queryCode?: string;
  /** Further members of the error's body, such as `CancellationReasons`. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** An error that a service answers with: the service's own code and message, not a fault of the region. */
export class ServiceError extends Error {
  override readonly name: string = "ServiceError";
  readonly code: string;
  readonly status: number;
  readonly queryCode: string;
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, options: ServiceErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.status = options.status ?? 400;
    this.queryCode = options.queryCode ?? code;
    this.members = options.members ?? {};
  }
}

/** Answers an action that the local region does not serve, by name. */
export function unknownAction(service: string, action: string): ServiceError {
  return new ServiceError(
    "UnknownOperationException",
    `The local region does not serve ${service}:${action}. docs/reference/local-region.md lists what it serves.`,
    { queryCode: "InvalidAction" },
  );
}
