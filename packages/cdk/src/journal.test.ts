import { App, RemovalPolicy, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { describe, expect, test } from "vitest";
import { Journal, type JournalProps } from "./journal.ts";

function define(props?: JournalProps): { stack: Stack; journal: Journal } {
  const stack = new Stack(new App({ builtinCloudFormationValidation: false }), "Test");
  return { stack, journal: new Journal(stack, "Journal", props) };
}

describe("Journal", () => {
  test("is a table by message and attempt, listed by queue and day, that forgets and can be restored", () => {
    Template.fromStack(define().stack).hasResource("AWS::DynamoDB::Table", {
      Properties: {
        KeySchema: [
          { AttributeName: "pk", KeyType: "HASH" },
          { AttributeName: "sk", KeyType: "RANGE" },
        ],
        GlobalSecondaryIndexes: [
          {
            IndexName: "by-queue",
            KeySchema: [
              { AttributeName: "queueDay", KeyType: "HASH" },
              { AttributeName: "failedAt", KeyType: "RANGE" },
            ],
            Projection: { ProjectionType: "ALL" },
          },
        ],
        TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true },
        BillingMode: "PAY_PER_REQUEST",
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      },
      DeletionPolicy: "Retain",
    });
  });

  test("goes with its stack where that is asked for", () => {
    const { stack } = define({ tableName: "orders-journal", removalPolicy: RemovalPolicy.DESTROY });
    Template.fromStack(stack).hasResource("AWS::DynamoDB::Table", {
      Properties: { TableName: "orders-journal" },
      DeletionPolicy: "Delete",
    });
  });

  test("lets a consumer claim, settle and read by key, and neither query nor reach an index", () => {
    const { stack, journal } = define();
    journal.grantConsume(new Role(stack, "Consumer", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") }));
    const [policy] = Object.values(Template.fromStack(stack).findResources("AWS::IAM::Policy"));
    expect(policy?.["Properties"].PolicyDocument.Statement).toEqual([
      {
        Effect: "Allow",
        Action: ["dynamodb:PartiQLInsert", "dynamodb:PartiQLUpdate", "dynamodb:BatchGetItem"],
        Resource: { "Fn::GetAtt": [expect.stringContaining("JournalTable"), "Arn"] },
      },
    ]);
  });

  test("lets a producer enter what it sends, and read nothing", () => {
    const { stack, journal } = define();
    journal.grantLedger(new Role(stack, "Producer", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") }));
    const [policy] = Object.values(Template.fromStack(stack).findResources("AWS::IAM::Policy"));
    expect(policy?.["Properties"].PolicyDocument.Statement).toMatchObject([
      { Action: ["dynamodb:PartiQLInsert", "dynamodb:PartiQLUpdate"] },
    ]);
  });

  test("refuses a removal policy that a table does not have, by its value", () => {
    expect(() => define({ removalPolicy: RemovalPolicy.SNAPSHOT })).toThrow(
      'Journal Test/Journal: prop `removalPolicy` is "snapshot"; it takes RemovalPolicy.RETAIN or RemovalPolicy.DESTROY.',
    );
  });
});
