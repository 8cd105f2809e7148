import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Fixture, startFixture } from "../../../test/lambda-fixture.ts";
import { type TestClock, testClock } from "../../../test/test-clock.ts";

const ECHO = `
  export const handler = async (event) => {
    const act = event.queryStringParameters?.act ?? event.body ?? "";
    if (act === "throw") throw new Error("no");
    if (act === "slow") await new Promise((done) => setTimeout(done, 5_000));
    if (act === "text") return "hello";
    if (act === "bytes") return { statusCode: 201, isBase64Encoded: true, body: Buffer.from([0, 255, 7]).toString("base64"), headers: { "Content-Type": "image/png", "X-Number": 7 } };
    if (act === "cookies") return { statusCode: 204, cookies: ["a=1; Path=/", "b=2"] };
    if (act === "wrong") return { statusCode: 200, body: { no: "text" } };
    if (act === "split") return { statusCode: 200, headers: { "x-a": "1\\r\\nx-b: 2" } };
    if (act === "cors") return { statusCode: 200, headers: { "access-control-allow-origin": "https://evil.example" }, body: "x" };
    return event;
  };`;

const GUARD = `
  let calls = 0;
  export const handler = async (event) => {
    calls += 1;
    const token = event.headers.authorization ?? event.headers.Authorization;
    if (token === "broken") throw new Error("no");
    if (event.version === "2.0") return { isAuthorized: token === "let-me", context: { calls, tenant: "acme", sources: event.identitySource, arn: event.routeArn } };
    return { principalId: "someone", context: { calls }, policyDocument: { Version: "2012-10-17", Statement: [
      { Effect: "Allow", Action: "execute-api:*", Resource: event.methodArn.replace(/policy.*/, "policy/*") },
      { Effect: "Deny", Action: "execute-api:Invoke", Resource: "*/policy/denied" } ] } };
  };`;

const FUNCTION = (name: string): string => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

let fixture: Fixture;
let clock: TestClock;
let issuer: Server;
let issuerUrl: string;
let keyFetches = 0;
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 });

const part = (type: string, properties: object): object => ({
  Type: `AWS::ApiGatewayV2::${type}`,
  Properties: { ...(type === "Api" ? {} : { ApiId: { Ref: "Api" } }), ...properties },
});
const route = (RouteKey: string, more: object = {}): object =>
  part("Route", { RouteKey, Target: { "Fn::Join": ["", ["integrations/", { Ref: "Integration" }]] }, ...more });

beforeAll(async () => {
  clock = testClock();
  issuer = createServer((request, response) => {
    keyFetches += 1;
    const keys = [
      { ...rsa.publicKey.export({ format: "jwk" }), kid: "r" },
      { ...ec.publicKey.export({ format: "jwk" }), kid: "e" },
    ];
    const answer = request.url?.startsWith("/.well-known/") ? { jwks_uri: `${issuerUrl}/keys` } : { keys };
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => issuer.listen(0, "127.0.0.1", resolve));
  issuerUrl = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}`;
  fixture = await startFixture(clock);
  await fixture.deploy({ echo: { code: ECHO }, guard: { code: GUARD } }, resources());
});

afterAll(async () => {
  await fixture.close();
  issuer.close();
});

function resources(): object {
  const guard = {
    AuthorizerType: "REQUEST",
    AuthorizerUri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${FUNCTION("guard")}/invocations`,
  };
  const header = ["$request.header.Authorization"];
  const jwt = { AuthorizationType: "JWT", AuthorizerId: { Ref: "Jwt" } };
  return {
    Group: { Type: "AWS::Logs::LogGroup", Properties: { LogGroupName: "access" } },
    Api: part("Api", {
      Name: "shop",
      ProtocolType: "HTTP",
      CorsConfiguration: {
        AllowOrigins: ["https://shop.example"],
        AllowMethods: ["GET", "PUT"],
        AllowHeaders: ["X-Key"],
        ExposeHeaders: ["X-Seen"],
        MaxAge: 600,
        AllowCredentials: true,
      },
    }),
    Integration: part("Integration", {
      IntegrationType: "AWS_PROXY",
      IntegrationUri: FUNCTION("echo"),
      PayloadFormatVersion: "2.0",
    }),
    Hasty: part("Integration", {
      IntegrationType: "AWS_PROXY",
      IntegrationUri: FUNCTION("echo"),
      PayloadFormatVersion: "2.0",
      TimeoutInMillis: 50,
    }),
    Default: part("Stage", {
      StageName: "$default",
      AutoDeploy: true,
      StageVariables: { color: "blue" },
      RouteSettings: { "GET /few": { ThrottlingBurstLimit: 2, ThrottlingRateLimit: 1 } },
      AccessLogSettings: {
        DestinationArn: { "Fn::GetAtt": ["Group", "Arn"] },
        Format:
          '{"status":"$context.status","route":"$context.routeKey","ip":"$context.identity.sourceIp","none":"$context.nothing"}',
      },
    }),
    Prod: part("Stage", { StageName: "prod", AutoDeploy: true }),
    Jwt: part("Authorizer", {
      Name: "jwt",
      AuthorizerType: "JWT",
      IdentitySource: header,
      JwtConfiguration: { Issuer: issuerUrl, Audience: ["shop"] },
    }),
    Simple: part("Authorizer", {
      Name: "simple",
      ...guard,
      IdentitySource: header,
      AuthorizerPayloadFormatVersion: "2.0",
      EnableSimpleResponses: true,
      AuthorizerResultTtlInSeconds: 300,
    }),
    Policy: part("Authorizer", {
      Name: "policy",
      ...guard,
      IdentitySource: header,
      AuthorizerPayloadFormatVersion: "1.0",
      AuthorizerResultTtlInSeconds: 300,
    }),
    R1: route("GET /orders/{id}"),
    R2: route("ANY /orders/{id}"),
    R3: route("GET /orders/mine"),
    R4: route("GET /files/{rest+}"),
    R5: route("POST /orders"),
    R6: route("GET /few"),
    R7: route("GET /token", jwt),
    R8: route("GET /scoped", { ...jwt, AuthorizationScopes: ["read", "write"] }),
    R9: route("ANY /simple", { AuthorizationType: "CUSTOM", AuthorizerId: { Ref: "Simple" } }),
    R10: route("GET /policy/{proxy+}", { AuthorizationType: "CUSTOM", AuthorizerId: { Ref: "Policy" } }),
    R11: part("Route", { RouteKey: "GET /hasty", Target: { "Fn::Join": ["", ["integrations/", { Ref: "Hasty" }]] } }),
    R12: route("GET /"),
    R13: route("GET /signed", { AuthorizationType: "AWS_IAM" }),
  };
}

const call = (path: string, init?: RequestInit): Promise<Response> =>
  fetch(`${fixture.region.endpoint}/_api/shop${path}`, init);
// biome-ignore lint/suspicious/noExplicitAny: an event is any JSON here
const event = async (path: string, init?: RequestInit): Promise<any> => (await call(path, init)).json();
const bearer = (token: string): RequestInit => ({ headers: { authorization: token } });

function token(claims: object, kid = "r", key: KeyObject = rsa.privateKey, alg = "RS256"): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(clock.now() / 1_000);
  const signed = `${part({ alg, kid })}.${part({ iss: issuerUrl, aud: "shop", exp: now + 600, sub: "u1", ...claims })}`;
  const signature = sign("sha256", Buffer.from(signed), { key, dsaEncoding: "ieee-p1363" });
  return `Bearer ${signed}.${signature.toString("base64url")}`;
}

describe("routes", () => {
  test.each([
    ["GET", "/orders/mine", "GET /orders/mine"],
    ["GET", "/orders/7", "GET /orders/{id}"],
    ["DELETE", "/orders/7", "ANY /orders/{id}"],
    ["GET", "/files/a/b", "GET /files/{rest+}"],
    ["GET", "/prod/orders/7", "GET /orders/{id}"],
    ["GET", "", "GET /"],
  ])("%s %s goes to the most specific route, %s", async (method, path, key) => {
    expect(await event(path, { method })).toMatchObject({ routeKey: key });
  });

  test.each(["/nothing", "/orders", "/files", "/orders/7/items"])(
    "what no route fits is not found: GET %s",
    async (path) => {
      const answer = await call(path);
      expect([answer.status, await answer.json()]).toEqual([404, { message: "Not Found" }]);
    },
  );

  test("an API that is not there is not found, and never another service's", async () => {
    expect((await fetch(`${fixture.region.endpoint}/_api/other/x`)).status).toBe(404);
  });
});

describe("the event", () => {
  test("carries the request in payload format 2.0", async () => {
    const got = await event("/orders/a%20b?x=1&x=2&y=%C3%A4", {
      headers: { "X-Many": "1", cookie: "a=1; b=2", "user-agent": "tester" },
    });
    expect(got).toMatchObject({
      version: "2.0",
      routeKey: "GET /orders/{id}",
      rawPath: "/orders/a b",
      rawQueryString: "x=1&x=2&y=%C3%A4",
      cookies: ["a=1", "b=2"],
      headers: { "x-many": "1" },
      queryStringParameters: { x: "1,2", y: "ä" },
      pathParameters: { id: "a b" },
      stageVariables: { color: "blue" },
      isBase64Encoded: false,
      requestContext: {
        accountId: "000000000000",
        stage: "$default",
        http: { method: "GET", path: "/orders/a b", protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "tester" },
        time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
      },
    });
    expect(got.headers).not.toHaveProperty("cookie");
    expect(got).not.toHaveProperty("body");
  });

  test.each([
    ["application/json; charset=utf-8", "{}", false],
    ["application/x-www-form-urlencoded", "eD0x", true],
    ["application/octet-stream", "eD0x", true],
  ])("a body of the type %s is %s, base64: %s", async (type, body, isBase64Encoded) => {
    const sent = isBase64Encoded ? "x=1" : "{}";
    const got = await event("/orders", { method: "POST", body: sent, headers: { "content-type": type } });
    expect(got).toMatchObject({ body, isBase64Encoded });
  });

  test("more than 10 MB is too large", async () => {
    const answer = await call("/orders", { method: "POST", body: Buffer.alloc(10 * 1_024 * 1_024 + 1) });
    expect(answer.status).toBe(413);
  });
});

describe("the function's answer", () => {
  test("without a status code is the body of a 200 in JSON", async () => {
    const answer = await call("/orders/1?act=text");
    expect([answer.status, answer.headers.get("content-type"), await answer.text()]).toEqual([
      200,
      "application/json",
      "hello",
    ]);
  });

  test("in base64 is sent as bytes, with its headers", async () => {
    const answer = await call("/orders/1?act=bytes");
    expect([answer.status, answer.headers.get("content-type"), answer.headers.get("x-number")]).toEqual([
      201,
      "image/png",
      "7",
    ]);
    expect([...new Uint8Array(await answer.arrayBuffer())]).toEqual([0, 255, 7]);
  });

  test("sets each cookie by a header of its own", async () => {
    const answer = await call("/orders/1?act=cookies");
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([204, ["a=1; Path=/", "b=2"]]);
  });

  test.each(["throw", "wrong", "split"])("that fails or cannot be read is an internal error: %s", async (act) => {
    const answer = await call(`/orders/1?act=${act}`);
    expect([answer.status, await answer.json()]).toEqual([500, { message: "Internal Server Error" }]);
  });

  test("that comes after the integration's timeout is not waited for", async () => {
    const answer = await call("/hasty?act=slow");
    expect([answer.status, await answer.json()]).toEqual([503, { message: "Service Unavailable" }]);
  });
});

describe("limits, CORS and the log", () => {
  test("a route's tokens run out, and come back with time", async () => {
    const statuses = async (count: number): Promise<number[]> => {
      const seen: number[] = [];
      for (let at = 0; at < count; at += 1) seen.push((await call("/few")).status);
      return seen;
    };
    const first = await Promise.all(Array.from({ length: 30 }, () => call("/few")));
    expect(first.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(2);
    expect(first.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
    clock.setAhead(60_000);
    expect(await statuses(1)).toEqual([200]);
  });

  test("a preflight is answered by the API, without a route", async () => {
    const headers = { origin: "https://shop.example", "access-control-request-method": "PUT" };
    const answer = await call("/token", { method: "OPTIONS", headers });
    expect(answer.status).toBe(204);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "access-control-allow-origin": "https://shop.example",
      "access-control-allow-methods": "GET,PUT",
      "access-control-allow-headers": "x-key",
      "access-control-allow-credentials": "true",
      "access-control-max-age": "600",
    });
  });

  test("the API's CORS headers take the place of the function's, and another origin gets none", async () => {
    const ask = async (origin: string): Promise<string | null> =>
      (await call("/orders/1?act=cors", { headers: { origin } })).headers.get("access-control-allow-origin");
    expect(await ask("https://shop.example")).toBe("https://shop.example");
    expect(await ask("https://evil.example")).toBeNull();
  });

  test("each answer is a line of the access log", async () => {
    await call("/logged-404");
    await vi.waitFor(async () => {
      const { events = [] } = await fixture.region.call("logs", "FilterLogEvents", { logGroupName: "access" });
      const lines = (events as { message: string }[]).map(({ message }) => message);
      expect(lines).toContain('{"status":"404","route":"-","ip":"127.0.0.1","none":"-"}');
    }, 20_000);
  });
});

describe("JWT authorizers", () => {
  test.each([
    ["RS256", () => token({})],
    ["ES256", () => token({}, "e", ec.privateKey, "ES256")],
    ["a client id in the place of an audience", () => token({ aud: undefined, client_id: "shop" })],
  ])("let a token of the issuer pass: %s", async (_name, make) => {
    const got = await event("/token", bearer(make()));
    expect(got.requestContext.authorizer.jwt).toMatchObject({ claims: { sub: "u1", iss: issuerUrl }, scopes: null });
    expect(typeof got.requestContext.authorizer.jwt.claims.exp).toBe("string");
  });

  test.each([
    ["no token", () => undefined],
    ["no token at all", () => "Bearer x"],
    ["another's signature", () => token({}, "r", stranger.privateKey)],
    ["an unknown key", () => token({}, "unknown")],
    ["no signature", () => token({}, "r", rsa.privateKey, "none")],
    ["a key of another type", () => token({}, "e", ec.privateKey, "RS256")],
    ["another audience", () => token({ aud: ["a", "b"] })],
    ["another issuer", () => token({ iss: "https://other.example" })],
    ["an end that is past", () => token({ exp: clock.now() / 1_000 - 1 })],
    ["no end", () => token({ exp: undefined })],
    ["a beginning to come", () => token({ nbf: clock.now() / 1_000 + 60 })],
  ])("refuse a request with %s", async (_name, make) => {
    const given = make();
    const answer = await call("/token", given === undefined ? {} : bearer(given));
    expect([answer.status, await answer.json()]).toEqual([401, { message: "Unauthorized" }]);
  });

  test("ask for one of the route's scopes", async () => {
    expect((await call("/scoped", bearer(token({ scope: "other write" })))).status).toBe(200);
    const answer = await call("/scoped", bearer(token({ scope: "other" })));
    expect([answer.status, await answer.json()]).toEqual([403, { message: "Forbidden" }]);
  });

  test("fetch the issuer's keys once for many requests", async () => {
    await call("/token", bearer(token({})));
    const before = keyFetches;
    await Promise.all(Array.from({ length: 10 }, () => call("/token", bearer(token({})))));
    expect(keyFetches).toBe(before);
  });
});

describe("routes that only signed requests may pass", () => {
  const signed = (credential: string): string =>
    `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host;x-amz-date, Signature=${"0".repeat(64)}`;

  test("tell the function who signed", async () => {
    const got = await event("/signed", bearer(signed("ann/20260101/us-east-1/execute-api/aws4_request")));
    expect(got.requestContext.authorizer.iam).toMatchObject({
      accessKey: "ann",
      accountId: "000000000000",
      userArn: "arn:aws:iam::000000000000:user/ann",
    });
  });

  test.each([
    ["no signature", undefined],
    ["a token", "Bearer x"],
    ["a signature for another service", signed("ann/20260101/us-east-1/sqs/aws4_request")],
    ["a credential without a signature", "AWS4-HMAC-SHA256 Credential=ann/20260101/us-east-1/execute-api/aws4_request"],
  ])("refuse a request with %s", async (_name, given) => {
    const answer = await call("/signed", given === undefined ? {} : bearer(given));
    expect([answer.status, await answer.json()]).toEqual([403, { message: "Forbidden" }]);
  });
});

describe("Lambda authorizers", () => {
  test("with simple responses let pass, refuse, and hand their context on", async () => {
    const got = await event("/simple", bearer("let-me"));
    expect(got.requestContext.authorizer.lambda).toMatchObject({ tenant: "acme", sources: ["let-me"] });
    expect(got.requestContext.authorizer.lambda.arn).toMatch(
      /^arn:aws:execute-api:us-east-1:000000000000:\w{10}\/\$default\/GET\/simple$/,
    );
    expect((await call("/simple", bearer("no"))).status).toBe(403);
    expect((await call("/simple")).status).toBe(401);
    expect((await call("/simple", bearer("broken"))).status).toBe(500);
  });

  test("with policies decide on each route, also from a kept answer", async () => {
    expect((await call("/policy/open", bearer("p"))).status).toBe(200);
    const denied = await call("/policy/denied", bearer("p"));
    expect([denied.status, await denied.json()]).toEqual([403, { message: "Forbidden" }]);
    const { requestContext } = await event("/policy/other", bearer("p"));
    const { calls } = requestContext.authorizer.lambda;
    expect((await event("/policy/other", bearer("p"))).requestContext.authorizer.lambda.calls).toBe(calls);
  });
});

test("the SDK's reading actions show the API, and others are refused by name", async () => {
  const { endpoint } = fixture.region;
  const headers = { authorization: "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/apigateway/aws4_request" };
  const get = async (path: string): Promise<Record<string, unknown>> =>
    (await fetch(`${endpoint}${path}`, { headers })).json() as Promise<Record<string, unknown>>;
  const { items } = (await get("/v2/apis")) as { items: { apiId: string; apiEndpoint: string; name: string }[] };
  expect(items).toMatchObject([{ name: "shop", apiEndpoint: `${endpoint}/_api/shop` }]);
  const [{ apiId } = { apiId: "" }] = items;
  expect(await get(`/v2/apis/${apiId}`)).toMatchObject({ apiId });
  expect(await get(`/v2/apis/${apiId}/routes`)).toMatchObject({
    items: expect.arrayContaining([expect.objectContaining({ routeKey: "GET /token" })]),
  });
  expect(await get(`/v2/apis/${apiId}/stages`)).toMatchObject({
    items: [{ stageName: "$default" }, { stageName: "prod" }],
  });
  const refused = await fetch(`${endpoint}/v2/apis`, { method: "POST", headers, body: "{}" });
  expect(await refused.json()).toMatchObject({ message: expect.stringContaining("POST /v2/apis") });
  expect((await fetch(`${endpoint}/_api/${apiId}/orders/1`)).status).toBe(200);
});
