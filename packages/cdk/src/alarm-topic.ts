import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Construct } from "constructs";
import { checkProps, given, type PropCheck, text } from "./check-props.ts";

/** What an AlarmTopic is made of. */
export interface AlarmTopicProps {
  /** @default a name that CloudFormation makes */
  readonly topicName?: string;
  /** What messages say that they come from. @default "Reliq alerts" */
  readonly displayName?: string;
  /** Who is told; AWS asks them to confirm first. @default the topic has no subscriber yet */
  readonly email?: string;
  /** A key of yours that encrypts the topic; CloudWatch is let use it. @default none */
  readonly encryptionKey?: IKey;
}

/** Fits an e-mail address, or nothing. */
export const emailAddress: PropCheck = text(/^[^@\s]+@[^@\s]+$/, "an e-mail address");

/** What whoever publishes to a topic with a key of yours needs of it, alarms too (SNS developer guide, "Key management"). */
export const PUBLISHING_TO_ENCRYPTED: readonly string[] = ["kms:Decrypt", "kms:GenerateDataKey"];

/**
 * A topic that alarms can tell: reached over TLS only.
 * @throws ReliqError `construct-prop` that names the prop, its value and what it takes.
 */
export class AlarmTopic extends Topic {
  constructor(scope: Construct, id: string, props: AlarmTopicProps = {}) {
    const { topicName, displayName = "Reliq alerts", email, encryptionKey } = props;
    super(scope, id, {
      displayName,
      enforceSSL: true,
      ...(topicName !== undefined && { topicName }),
      ...(encryptionKey && { masterKey: encryptionKey }),
    });
    checkProps<AlarmTopicProps>(this, props, {
      topicName: text(/^[\w-]{1,256}$/, "1 to 256 letters, digits, '-' or '_'"),
      displayName: text(/^.{1,100}$/, "1 to 100 characters"),
      email: emailAddress,
      encryptionKey: (value) => (value === undefined ? undefined : given("a key of AWS KMS")(value)),
    });
    const alarms = new ServicePrincipal("cloudwatch.amazonaws.com");
    this.grantPublish(alarms);
    encryptionKey?.grant(alarms, ...PUBLISHING_TO_ENCRYPTED);
    if (email !== undefined) this.addSubscription(new EmailSubscription(email));
  }
}
