import type { Clock } from "./clock.ts";
import type { QueryShapes } from "./protocol/query.ts";
import type { PathRequest, RestAnswer, RestRoute } from "./protocol/rest.ts";
import type { ResourceProvider } from "./resource.ts";
import type { ServiceMetrics } from "./service-metrics.ts";
import type { Store } from "./store.ts";
import type { Traces } from "./traces.ts";

/** The members of a request or an answer, named as in the service's JSON protocol. */
export type Members = Record<string, unknown>;

export interface RequestContext {
  readonly requestId: string;
  /** Aborted when the caller hangs up or the region stops: a long poll ends then. */
  readonly signal: AbortSignal;
  /** The X-Ray tracing header that the caller passed on. @default none */
  readonly traceHeader?: string | undefined;
  /** Wraps what may come late, such as a message: meanwhile the request does not count as under way. Missing where nobody counts. */
  readonly waitFor?: <T>(work: Promise<T>) => Promise<T>;
  /** The access key that the request was signed with; missing where it was not. */
  readonly accessKeyId?: string;
}

/** Carries out one action of a service; throws ServiceError for what the service refuses. */
export type Action = (input: Members, context: RequestContext) => Members | Promise<Members>;

/** One service of the region: a folder under `services/`. */
export interface Service {
  /** The signing name (`sqs`, `dynamodb`, …), by which credentials and in-process calls address it. */
  readonly name: string;
  readonly actions: Readonly<Record<string, Action>>;
  /** What is missing of the actions that are not carried out whole, by action; the reference is made of it. */
  readonly partly?: Readonly<Record<string, string>>;
  /** AWS JSON protocol: the prefix of `X-Amz-Target`, and the namespace of its error types. */
  readonly json?: { readonly targetPrefix: string; readonly version: "1.0" | "1.1"; readonly errorNamespace: string };
  /** AWS Query protocol, for the services whose older clients speak it. */
  readonly query?: { readonly namespace: string; readonly shapes: QueryShapes };
  /** REST protocols: what a path and a method call. */
  readonly rest?: {
    readonly routes: readonly RestRoute[];
    readonly errors: "json" | "xml";
    /** Its routes fit any path, so an unsigned request goes to it only where no other service's route fits. @default false */
    readonly takesEveryPath?: boolean;
  };
  /** Takes whatever comes under a path, before any protocol of AWS's is looked for: such paths are the user's own. */
  readonly paths?: {
    readonly prefix: string;
    readonly handle: (request: PathRequest, context: RequestContext) => Promise<RestAnswer>;
  };
  /** The CloudFormation resource types that this service creates. */
  readonly resources?: Readonly<Record<string, ResourceProvider>>;
  /** Resumes work from the store, once every service exists. */
  start?(): void | Promise<void>;
  /** What of it is under way, in words: time does not jump meanwhile. */
  underWay?(): readonly string[];
  /** Ends work in the background; resolves when nothing of it runs. */
  stop?(): Promise<void>;
}

/** What the region gives to each of its services. */
export interface World {
  readonly store: Store;
  readonly clock: Clock;
  /** Where services count what CloudWatch shows of them. */
  readonly metrics: ServiceMetrics;
  /** Where services write down what they did within a trace. */
  readonly traces: Traces;
  readonly accountId: string;
  readonly region: string;
  /** Where other regions answer, by their names. */
  readonly peers: Readonly<Record<string, string>>;
  /** `http://127.0.0.1:4566`, known once the region listens. */
  readonly endpoint: () => string;
  /** Calls another service in this process, as a client would, and passes a trace on: no service knows another's tables. */
  readonly call: (
    service: string,
    action: string,
    input: Members,
    signal?: AbortSignal,
    traceHeader?: string,
  ) => Promise<Members>;
  /** One line for the person who runs the region. */
  readonly report: (line: string) => void;
}
