import { RemovalPolicy } from "aws-cdk-lib";
import { AttributeType, BillingMode, ProjectionType, Table } from "aws-cdk-lib/aws-dynamodb";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { checkProps, text } from "./check-props.ts";

/** What a Journal is made of. */
export interface JournalProps {
  /** @default a name that CloudFormation makes */
  readonly tableName?: string;
  /** What happens to the reasons when the stack goes. @default RemovalPolicy.RETAIN */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * The table with the reason of each failed attempt: on demand, encrypted with keys that DynamoDB owns, restorable to any second
 * of the last 35 days. Entries delete themselves (`expiresAt`).
 * @throws ReliqError `construct-prop` that names the prop, its value and what it takes.
 */
export class Journal extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, props: JournalProps = {}) {
    super(scope, id);
    checkProps(this, props, {
      tableName: text(/^[\w.-]{3,255}$/, "3 to 255 letters, digits, '-', '_' or '.'"),
      removalPolicy: text(/^(destroy|retain)$/, "RemovalPolicy.RETAIN or RemovalPolicy.DESTROY"),
    });
    this.table = new Table(this, "Table", {
      ...(props.tableName !== undefined && { tableName: props.tableName }),
      partitionKey: { name: "pk", type: AttributeType.STRING },
      sortKey: { name: "sk", type: AttributeType.STRING },
      timeToLiveAttribute: "expiresAt",
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
    });
    this.table.addGlobalSecondaryIndex({
      indexName: "by-queue",
      partitionKey: { name: "queueDay", type: AttributeType.STRING },
      sortKey: { name: "failedAt", type: AttributeType.STRING },
      projectionType: ProjectionType.ALL,
    });
  }

  /** Lets a function or a role write entries, and nothing else. */
  grantRecord(grantee: IGrantable): Grant {
    // The CDK's own grants reach for every index too.
    return Grant.addToPrincipal({
      grantee,
      actions: ["dynamodb:BatchWriteItem"],
      resourceArns: [this.table.tableArn],
    });
  }
}
