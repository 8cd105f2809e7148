/** A resource of a stack as it is deployed. */
export interface DeployedResource {
  readonly stack: string;
  readonly logicalId: string;
  /** `AWS::SQS::Queue` */
  readonly type: string;
  /** What `Ref` gives. */
  readonly ref: string;
  /** What `Fn::GetAtt` gives. */
  readonly attributes: Readonly<Record<string, string>>;
  /** As the template says, with references resolved. */
  readonly properties: Readonly<Record<string, unknown>>;
}
