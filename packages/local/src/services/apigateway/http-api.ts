/** How browsers of other origins may use an API (HTTP API developer guide, Configure CORS). */
export interface Cors {
  readonly AllowCredentials?: boolean;
  readonly AllowHeaders?: readonly string[];
  readonly AllowMethods?: readonly string[];
  readonly AllowOrigins?: readonly string[];
  readonly ExposeHeaders?: readonly string[];
  readonly MaxAge?: number;
}

export interface Integration {
  readonly id: string;
  readonly functionArn: string;
  readonly timeoutMs: number;
}

export type Authorizer = JwtAuthorizer | LambdaAuthorizer;

export interface JwtAuthorizer {
  readonly type: "JWT";
  readonly id: string;
  readonly identitySource: string;
  readonly issuer: string;
  readonly audience: readonly string[];
}

export interface LambdaAuthorizer {
  readonly type: "REQUEST";
  readonly id: string;
  readonly identitySources: readonly string[];
  readonly functionArn: string;
  readonly payloadFormat: "1.0" | "2.0";
  readonly simpleResponses: boolean;
  /** 0 keeps no results. */
  readonly ttlSeconds: number;
}

export interface Route {
  readonly id: string;
  /** `GET /orders/{id}` or `$default`. */
  readonly key: string;
  readonly integrationId: string | undefined;
  readonly authorizerId: string | undefined;
  /** Only signed requests pass (`AWS_IAM`). @default false */
  readonly signed?: boolean;
  readonly scopes: readonly string[];
}

/** A token bucket's size, and how many tokens it gains a second. */
export interface Throttle {
  readonly burst: number;
  readonly ratePerSecond: number;
}

export interface Stage {
  readonly id: string;
  /** `$default` is served at the root, another under its name. */
  readonly name: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly defaultThrottle: Partial<Throttle>;
  /** By route key. */
  readonly routeThrottles: Readonly<Record<string, Partial<Throttle>>>;
  readonly accessLog?: { readonly logGroupName: string; readonly format: string };
}

/** An HTTP API with all its parts. */
export interface HttpApi {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly cors?: Cors;
  readonly routes: readonly Route[];
  readonly stages: readonly Stage[];
  readonly integrations: ReadonlyMap<string, Integration>;
  readonly authorizers: ReadonlyMap<string, Authorizer>;
}
