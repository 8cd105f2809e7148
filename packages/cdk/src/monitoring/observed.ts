import { Stack } from "aws-cdk-lib";
import { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { type CfnFunction, Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { ILogGroup } from "aws-cdk-lib/aws-logs";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct, type IConstruct } from "constructs";
import { Consumer } from "../consumer.ts";
import { Outbox } from "../outbox.ts";
import { Recovery } from "../recovery.ts";
import { ReliableQueue } from "../reliable-queue.ts";

/** A construct that is watched, and what a person calls it. */
export interface Named<T> {
  readonly it: T;
  /** `Orders`: its path, without its stack and without what every construct of its kind is made of. */
  readonly label: string;
}

/** What there is to watch. */
export interface Observed {
  /** Queues that are processed, not those of dead letters. */
  readonly queues: readonly Named<{ readonly queue: IQueue; readonly deadLetterQueue?: IQueue }>[];
  readonly consumers: readonly Consumer[];
  readonly recoveries: readonly Recovery[];
  readonly outboxes: readonly Named<Outbox>[];
  readonly functions: readonly Named<LambdaFunction>[];
  readonly apis: readonly Named<HttpApi>[];
}

/** Finds what is in some constructs, themselves included. */
export function observe(scopes: readonly IConstruct[]): Observed {
  const all = [...new Set(scopes.flatMap((scope) => scope.node.findAll()))];
  const consumers = all.filter((each) => each instanceof Consumer);
  const reliable = all.filter((each) => each instanceof ReliableQueue);
  const known = new Set<IQueue>(reliable.map(({ queue }) => queue));
  const others = consumers.map(({ source }) => source).filter(({ queue }) => !known.has(queue) && known.add(queue));
  return {
    consumers,
    queues: [...reliable.map((it) => named(it)), ...others.map((it) => ({ it, label: labelOf(it.queue) }))],
    recoveries: all.filter((each) => each instanceof Recovery),
    outboxes: all.filter((each) => each instanceof Outbox).map(named),
    functions: all.filter((each) => each instanceof LambdaFunction).map(named),
    apis: all.filter((each) => each instanceof HttpApi).map(named),
  };
}

function named<T extends IConstruct>(it: T): Named<T> {
  return { it, label: labelOf(it) };
}

/** What BundledFunction, Consumer and others call their parts. */
const PARTS = ["Api", "Function", "Handler", "Queue"];

function labelOf(construct: IConstruct): string {
  const ids = construct.node.path.split("/").slice(Stack.of(construct).node.path.split("/").length);
  while (ids.length > 1 && PARTS.includes(ids.at(-1) ?? "")) ids.pop();
  return ids.join(" ");
}

/** The log group of a function, where its definition has one; that which Lambda would make with the first line nobody can put a filter on yet. */
export function logGroupOf(it: LambdaFunction): ILogGroup | undefined {
  const { loggingConfig } = it.node.defaultChild as CfnFunction;
  return loggingConfig ? it.logGroup : undefined;
}

/** A place for what is defined of something that is watched. */
export function placeOf(scope: Construct, label: string): Construct {
  const id = label.replaceAll(" ", "");
  return (scope.node.tryFindChild(id) as Construct | undefined) ?? new Construct(scope, id);
}
