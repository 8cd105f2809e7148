/** The names of DynamoDB's data types. */
export type TypeName = "S" | "N" | "B" | "BOOL" | "NULL" | "SS" | "NS" | "BS" | "L" | "M";

/** One attribute's value as on the wire: exactly one member, named by its type. Numbers are in canonical form. */
export interface AttributeValue {
  readonly S?: string;
  readonly N?: string;
  /** Base64. */
  readonly B?: string;
  readonly BOOL?: boolean;
  readonly NULL?: true;
  readonly SS?: readonly string[];
  readonly NS?: readonly string[];
  readonly BS?: readonly string[];
  readonly L?: readonly AttributeValue[];
  readonly M?: Item;
}

/** Attributes by name. Read them with `attribute`: an item may well have an attribute called `toString`. */
export type Item = Readonly<Record<string, AttributeValue>>;

/** The type of a value. */
export function typeOf(value: AttributeValue): TypeName {
  for (const type in value) return type as TypeName;
  throw new TypeError("an attribute value without a type");
}

/** An attribute of an item, or undefined where the item has none of that name. */
export function attribute(item: Item, name: string): AttributeValue | undefined {
  return Object.hasOwn(item, name) ? item[name] : undefined;
}

/** Sets an attribute of an item that is being built, `__proto__` included. */
export function setAttribute(item: Record<string, AttributeValue>, name: string, value: AttributeValue): void {
  if (name !== "__proto__") item[name] = value;
  else Object.defineProperty(item, name, { value, writable: true, enumerable: true, configurable: true });
}

/** The named attributes of an item that it has. */
export function pick(item: Item, names: Iterable<string>): Item {
  const picked: Record<string, AttributeValue> = {};
  for (const name of names) {
    const value = attribute(item, name);
    if (value !== undefined) setAttribute(picked, name, value);
  }
  return picked;
}
