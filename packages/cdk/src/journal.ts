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
 * The table with the consumers' claims and the reason of each failed attempt: on demand, encrypted with keys that DynamoDB owns, restorable to any second
 * of the last 35 days. Items delete themselves (`expiresAt`).
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

  /** Lets a function or a role enter what it sends (`producer({ ledger: ledgerFromEnvironment() })`), and nothing else. */
  grantLedger(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ["dynamodb:PartiQLInsert", "dynamodb:PartiQLUpdate"],
      resourceArns: [this.table.tableArn],
    });
  }

  /**
   * Lets a function or a role claim, settle and read back its claims, and nothing else; `"transactional"` effects commit
   * theirs with PutItem and UpdateItem.
   */
  grantConsume(grantee: IGrantable, effect: "any" | "transactional" = "any"): Grant {
    // The CDK's own grants reach for every index too.
    return Grant.addToPrincipal({
      grantee,
      actions: effect === "transactional" ? [...CONSUMING, ...COMMITTING] : [...CONSUMING],
      resourceArns: [this.table.tableArn],
    });
  }
}

/** What BatchExecuteStatement and BatchGetItem are allowed by (DynamoDB developer guide, "IAM security policies with PartiQL"). */
const CONSUMING = ["dynamodb:PartiQLInsert", "dynamodb:PartiQLUpdate", "dynamodb:BatchGetItem"];

/** What the Put of a claim and the Update of a group in a transaction are allowed by. */
const COMMITTING = ["dynamodb:PutItem", "dynamodb:UpdateItem"];
