import { Duration, Lazy, Stack } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { BundledFunction } from "../bundled-function.ts";
import { functionApi, type TokenIssuer } from "../function-api.ts";
import { functionEntry } from "../recovery.ts";
import { acknowledgeReading, arnIn } from "./acknowledge.ts";

interface RegionApiProps {
  readonly authorizer: TokenIssuer;
  /** The console's pages. */
  readonly origin: string;
}

/** One function behind an HTTP API that reads how systems are deployed, what their queues hold, and their alarms, dashboards and metrics; it may change nothing, and reads no message. */
export class RegionApi extends Construct {
  readonly url: string;
  readonly #function: BundledFunction["function"];
  readonly #systems: Record<string, readonly string[]> = {};

  constructor(scope: Construct, id: string, { authorizer, origin }: RegionApiProps) {
    super(scope, id);
    this.#function = new BundledFunction(this, "Handler", {
      entry: functionEntry("region-api"),
      // An HTTP API waits 30 seconds at most (API Gateway quotas).
      timeout: Duration.seconds(29),
      memorySizeMb: 1_024,
      environment: {
        RELIQ_SYSTEMS: Lazy.string({ produce: () => JSON.stringify(this.#systems) }),
        ...(authorizer.roleClaim !== undefined && { RELIQ_API_ROLE_CLAIM: authorizer.roleClaim }),
      },
    }).function;
    this.#mayRead(["sqs:GetQueueAttributes"], ["sqs::*"]);
    // There are no metrics of one system alone: these actions take no resource, or an alarm's name (service authorization reference).
    this.#mayRead(["cloudwatch:DescribeAlarms", "cloudwatch:GetDashboard", "cloudwatch:GetMetricData"], ["*"]);
    this.#mayRead(["xray:BatchGetTraces", "xray:GetTraceSummaries"], ["*"]);
    this.url = functionApi(this, this.#function, { authorizer, origins: [origin] }).apiEndpoint;
  }

  /** Shows the stacks of a system too. */
  addSystem(name: string, stacks: readonly Stack[]): void {
    this.#systems[name] = stacks.map(({ stackName }) => stackName);
    const actions = ["DescribeStacks", "GetTemplate", "ListStackResources"].map((action) => `cloudformation:${action}`);
    this.#mayRead(
      actions,
      stacks.map(({ stackName }) => `cloudformation::stack/${stackName}/*`),
    );
  }

  /** `resources`: as `arnIn` takes them. */
  #mayRead(actions: readonly string[], resources: readonly string[]): void {
    const arns = resources.map((each) => arnIn(Stack.of(this), each));
    this.#function.addToRolePolicy(new PolicyStatement({ actions: [...actions], resources: arns }));
    if (this.#function.role) acknowledgeReading(this.#function.role, resources);
  }
}
