/** A document path as written: names (`#alias` still unresolved) and list positions. */
export type RawPath = readonly (string | number)[];

/** What an expression computes with. */
export type Operand =
  | { readonly kind: "path"; readonly path: RawPath }
  | { readonly kind: "value"; readonly name: string }
  | { readonly kind: "call"; readonly name: string; readonly operands: readonly Operand[] };

export type Comparator = "=" | "<>" | "<" | "<=" | ">" | ">=";

/** A condition's syntax tree. */
export type ConditionNode =
  | { readonly kind: "compare"; readonly operator: Comparator; readonly left: Operand; readonly right: Operand }
  | { readonly kind: "between"; readonly operand: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: "in"; readonly operand: Operand; readonly list: readonly Operand[] }
  | { readonly kind: "test"; readonly call: Extract<Operand, { kind: "call" }> }
  | { readonly kind: "and" | "or"; readonly left: ConditionNode; readonly right: ConditionNode }
  | { readonly kind: "not"; readonly inner: ConditionNode };

/** One value of a SET: a sum or difference, or a single operand. */
export type SetValue =
  | Operand
  | { readonly kind: "sum"; readonly sign: "+" | "-"; readonly left: Operand; readonly right: Operand };

/** One action of an update expression. */
export type UpdateAction =
  | { readonly section: "SET"; readonly path: RawPath; readonly value: SetValue }
  | { readonly section: "REMOVE"; readonly path: RawPath }
  | { readonly section: "ADD" | "DELETE"; readonly path: RawPath; readonly value: string };
