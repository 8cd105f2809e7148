import { CfnOutput, Duration, Stack, Token } from "aws-cdk-lib";
import type { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import { BUNDLED_FUNCTION_PROPS, BundledFunction } from "./bundled-function.ts";
import { checkProps, given, type PropCheck, text } from "./check-props.ts";
import { functionApi, type TokenIssuer } from "./function-api.ts";
import { functionEntry, type Recovery } from "./recovery.ts";

/** What a RecoveryApi is made of. */
export interface RecoveryApiProps {
  readonly recovery: Recovery;
  /**
   * The path of a module that exports `handler`: `recoveryApiHandler(recoveryFromEnvironment({ repairs }))`, of `@reliq/aws/recovery`, with
   * what the `entry` of Recovery has. @default one that does what the policy says
   */
  readonly entry?: string;
  /** Who may call: whoever IAM lets, or who has a token of an issuer. @default IAM */
  readonly authorizer?: TokenIssuer;
  /** With IAM: the ARNs of those who may approve; one that ends in `*` stands for all that begin so. @default nobody may */
  readonly approvers?: readonly string[];
  /** Origins of web pages that may call, such as `https://console.example`. @default none */
  readonly origins?: readonly string[];
  /** @default a name that CDK makes */
  readonly apiName?: string;
  /** `"active"`: its function is traced by X-Ray, as BundledFunction says. @default "off" */
  readonly tracing?: "active" | "off";
}

const LIST =
  (takes: string): PropCheck =>
  (value) =>
    value === undefined ||
    (Array.isArray(value) &&
      value.every((each) => typeof each === "string" && (Token.isUnresolved(each) || !/[,\s]/.test(each))))
      ? undefined
      : takes;

const PROPS: Readonly<Record<keyof RecoveryApiProps, PropCheck>> = {
  recovery: given("a Recovery"),
  entry: (value) => (value === undefined ? undefined : BUNDLED_FUNCTION_PROPS.entry(value)),
  authorizer: tokenIssuer,
  approvers: LIST("a list of ARNs"),
  origins: LIST("a list of origins"),
  tracing: BUNDLED_FUNCTION_PROPS.tracing,
  apiName: text(/^[\w-]{1,128}$/, "1 to 128 letters, digits, '-' or '_'"),
};

/**
 * Recovery's HTTP API: one function that may do by hand what recovery does, behind an authorizer. The stack's output `RecoveryApiUrl` is its
 * address, where `reliq` finds it.
 * @throws ReliqError `construct-prop` that names the prop, its value and what it takes.
 */
export class RecoveryApi extends Construct {
  readonly function: LambdaFunction;
  readonly api: HttpApi;
  readonly url: string;

  constructor(scope: Construct, id: string, props: RecoveryApiProps) {
    super(scope, id);
    checkProps(this, props, PROPS);
    const {
      recovery,
      entry = functionEntry("recovery-api"),
      authorizer,
      approvers = [],
      origins = [],
      apiName,
      tracing = "off",
    } = props;
    this.function = new BundledFunction(this, "Handler", {
      entry,
      policy: recovery.policy,
      tracing,
      // An HTTP API waits 30 seconds at most (API Gateway quotas).
      timeout: Duration.seconds(29),
      memorySizeMb: 1_024,
      environment: {
        ...recovery.environment,
        ...(approvers.length > 0 && { RELIQ_API_APPROVERS: approvers.join(",") }),
        ...(authorizer?.roleClaim !== undefined && { RELIQ_API_ROLE_CLAIM: authorizer.roleClaim }),
      },
    }).function;
    recovery.grantOperate(this.function);
    this.api = functionApi(this, this.function, {
      origins,
      ...(authorizer && { authorizer }),
      ...(apiName !== undefined && { apiName }),
    });
    this.url = this.api.apiEndpoint;
    new CfnOutput(this, "Url", { value: this.url }).overrideLogicalId("RecoveryApiUrl");
  }

  /** Lets a person's role, or a function, call the API, where it goes by IAM. */
  grantInvoke(grantee: IGrantable): Grant {
    const arn = Stack.of(this).formatArn({ service: "execute-api", resource: this.api.apiId, resourceName: "*" });
    return Grant.addToPrincipal({ grantee, actions: ["execute-api:Invoke"], resourceArns: [arn] });
  }
}

function tokenIssuer(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const { issuer, audience, roleClaim } = (value ?? {}) as Partial<TokenIssuer>;
  const fits =
    typeof issuer === "string" &&
    (Token.isUnresolved(issuer) || /^https?:\/\//.test(issuer)) &&
    Array.isArray(audience) &&
    audience.length > 0 &&
    (roleClaim === undefined || typeof roleClaim === "string");
  return fits ? undefined : "{ issuer, audience, roleClaim }: an https address and a list of audiences";
}
