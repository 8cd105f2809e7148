import type { ConditionNode, RawPath, UpdateAction } from "../expressions/syntax.ts";
import type { Template } from "./literal.ts";

/** What RETURNING asks for. */
export type Returning = "ALL OLD" | "ALL NEW" | "MODIFIED OLD" | "MODIFIED NEW";

/** A statement's syntax tree. */
export type StatementBody =
  | { readonly kind: "insert"; readonly table: string; readonly item: Template }
  | {
      readonly kind: "update";
      readonly table: string;
      readonly actions: readonly UpdateAction[];
      readonly where: ConditionNode | undefined;
      readonly returning: Returning | undefined;
    }
  | {
      readonly kind: "delete";
      readonly table: string;
      readonly where: ConditionNode | undefined;
      readonly returning: Returning | undefined;
    }
  | SelectBody
  | { readonly kind: "exists"; readonly table: string; readonly where: ConditionNode | undefined };

/** A SELECT's syntax tree. */
export interface SelectBody {
  readonly kind: "select";
  readonly table: string;
  readonly index: string | undefined;
  /** The attributes to show; undefined: all. */
  readonly paths: readonly RawPath[] | undefined;
  readonly where: ConditionNode | undefined;
  readonly order: { readonly path: RawPath; readonly descending: boolean } | undefined;
}

/** A parsed statement, with what its tree refers to. */
export interface Statement {
  readonly body: StatementBody;
  /** Quoted names, by alias. */
  readonly names: ReadonlyMap<string, string>;
  /** Literals and parameters, by the names under which the tree has them. */
  readonly values: ReadonlyMap<string, Template>;
  /** How many question marks the statement has. */
  readonly parameters: number;
}
