import { Match, Template } from "aws-cdk-lib/assertions";
import { Key } from "aws-cdk-lib/aws-kms";
import { expect, test } from "vitest";
import { testStack } from "../test/definition.ts";
import { AlarmTopic } from "./alarm-topic.ts";

test("alarms may publish to the topic, over TLS only, and one address is told", () => {
  const stack = testStack();
  new AlarmTopic(stack, "Alarms", { topicName: "alarms", email: "ops@example.com" });
  const template = Template.fromStack(stack);
  template.hasResourceProperties("AWS::SNS::Subscription", { Protocol: "email", Endpoint: "ops@example.com" });
  const publishing = { Action: "sns:Publish", Principal: { Service: "cloudwatch.amazonaws.com" }, Effect: "Allow" };
  template.hasResourceProperties("AWS::SNS::TopicPolicy", {
    PolicyDocument: Match.objectLike({
      Statement: Match.arrayWith([Match.objectLike({ Effect: "Deny" }), Match.objectLike(publishing)]),
    }),
  });
});

test("with a key of yours the topic is encrypted, and CloudWatch may use that key, or its alarms could tell nobody", () => {
  const stack = testStack();
  new AlarmTopic(stack, "Alarms", { encryptionKey: new Key(stack, "Key") });
  const template = Template.fromStack(stack);
  template.hasResourceProperties("AWS::SNS::Topic", { KmsMasterKeyId: Match.anyValue() });
  const statement = {
    Action: ["kms:Decrypt", "kms:GenerateDataKey"],
    Principal: { Service: "cloudwatch.amazonaws.com" },
  };
  template.hasResourceProperties("AWS::KMS::Key", {
    KeyPolicy: Match.objectLike({ Statement: Match.arrayWith([Match.objectLike(statement)]) }),
  });
});

test("what is no address is refused", () => {
  expect(() => new AlarmTopic(testStack(), "Alarms", { email: "nobody" })).toThrow(
    /AlarmTopic Test\/Alarms: prop `email` is "nobody"; it takes an e-mail address/,
  );
});
