import { GetSubscriptionAttributesCommand, paginateListSubscriptions, SNSClient } from "@aws-sdk/client-sns";
import type { StageSettings } from "../gameday/game-day.ts";
import { inParts } from "../in-parts.ts";
import type { DeployedSubscription } from "./deployment.ts";

/** How many requests are under way at once. */
const AT_ONCE = 10;

/** Reads all subscriptions of a region with their filters; it asks SNS (`sns:ListSubscriptions`, `sns:GetSubscriptionAttributes`), and changes nothing. */
export async function readSubscriptions(settings: StageSettings): Promise<readonly DeployedSubscription[]> {
  const sns = new SNSClient(settings);
  const arns: string[] = [];
  for await (const { Subscriptions = [] } of paginateListSubscriptions({ client: sns }, {})) {
    // One that nobody has confirmed yet has no ARN.
    arns.push(
      ...Subscriptions.flatMap(({ SubscriptionArn = "" }) =>
        SubscriptionArn.startsWith("arn:") ? SubscriptionArn : [],
      ),
    );
  }
  return await inParts(arns, AT_ONCE, async (SubscriptionArn) => {
    const { Attributes = {} } = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
    const { TopicArn = "", Protocol = "", Endpoint = "", FilterPolicy, RedrivePolicy } = Attributes;
    return {
      topicArn: TopicArn,
      protocol: Protocol,
      endpoint: Endpoint,
      deadLetters: RedrivePolicy !== undefined,
      ...(FilterPolicy && { filterPolicy: JSON.parse(FilterPolicy) as Readonly<Record<string, unknown>> }),
    };
  });
}
