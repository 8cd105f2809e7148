import type { Members } from "./service.ts";

/** One resource of a stack, its intrinsics resolved. */
export interface ResourceRequest {
  readonly stackName: string;
  readonly logicalId: string;
  /** `AWS::SQS::Queue` */
  readonly type: string;
  readonly properties: Members;
  /** A physical name that is the same at each start: create twice and there is still one. */
  readonly name: string;
  /** The directory or file of an asset, by the S3 object key that the template names. @throws DefinitionError when the assembly lacks it */
  readonly asset: (objectKey: string) => string;
}

export interface Resource {
  /** What `Ref` gives. */
  readonly ref: string;
  /** What `Fn::GetAtt` gives, by attribute name. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Creates the resources of one type; each call can be repeated with the same result. */
export interface ResourceProvider {
  /** The properties that are carried out; any other stops the start, by name. */
  readonly supported: readonly string[];
  /** The properties that are kept and shown but have no effect here (such as encryption), each with what is missing. */
  readonly kept?: Readonly<Record<string, string>>;
  /** Creates the resource, or brings an existing one of that name to these properties and keeps its data. */
  put(request: ResourceRequest): Promise<Resource>;
  remove(resource: Resource): Promise<void>;
}
