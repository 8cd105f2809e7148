import { AlarmTopic } from "@reliq/cdk";
import { RemovalPolicy } from "aws-cdk-lib";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import type { CfnTopic, Topic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import type { Configuration } from "../configuration.ts";
import type { Names } from "../names.ts";

/** Defines where people are told where there is no poison handler, which has a topic of its own. */
export function defineAlertTopic(scope: Construct, { alertEmail }: Configuration, names: Names): Topic {
  const email = alertEmail === undefined ? {} : { email: alertEmail };
  return new AlarmTopic(scope, "Alerts", { topicName: names.alertTopic, ...email });
}

/** Encrypts a topic with a key that CloudWatch may use too: with AWS's own key for SNS its alarms could tell nobody. */
export function encryptTopic(scope: Construct, topic: Topic): Key {
  const key = new Key(scope, "AlertKey", {
    description: "Alerts of ordered trading",
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  key.grantEncryptDecrypt(new ServicePrincipal("cloudwatch.amazonaws.com"));
  (topic.node.defaultChild as CfnTopic).kmsMasterKeyId = key.keyArn;
  return key;
}
