import { validationError } from "../request/errors.ts";

/** A decimal number: digits × 10^exponent. */
interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

/** Limits of DynamoDB's Number type (developer guide, "Data types: Number"): 38 digits, 1E-130 to 9.9…9E+125. */
const MOST_DIGITS = 38;
const LARGEST_MAGNITUDE = 125;
const SMALLEST_MAGNITUDE = -130;

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,6})?$/;

/** The canonical text of a number: plain digits without exponent and without superfluous zeros. @throws ValidationException */
export function canonicalNumber(text: string): string {
  if (isPlainInteger(text)) return text;
  return formatDecimal(checkRange(parseDecimal(text)));
}

/** The exact sum or difference of two canonical numbers. @throws ValidationException where 38 digits do not hold it */
export function addNumbers(left: string, right: string, sign: 1n | -1n = 1n): string {
  const a = parseDecimal(left);
  const b = parseDecimal(right);
  const exponent = Math.min(a.exponent, b.exponent);
  const digits = atExponent(a, exponent) + sign * atExponent(b, exponent);
  return formatDecimal(checkRange({ digits, exponent }));
}

/**
 * A text of characters 0 to 255 whose order is the order of the numbers, and which is equal for equal numbers:
 * sign, magnitude, digits; for negative numbers all of it complemented, and closed by 255.
 */
export function sortableNumber(canonical: string): string {
  const { digits, exponent } = trimZeros(parseDecimal(canonical));
  if (digits === 0n) return "\u0001";
  const text = (digits < 0n ? -digits : digits).toString();
  const magnitude = text.length - 1 + exponent - SMALLEST_MAGNITUDE;
  if (digits > 0n) return `\u0002${String.fromCharCode(magnitude)}${text}`;
  const complement = text.replace(/\d/g, (digit) => String(9 - Number(digit)));
  return `\u0000${String.fromCharCode(255 - magnitude)}${complement}\u00ff`;
}

/** The bytes that a number counts for (developer guide, "Item sizes and formats"): one for each two digits, and one or two more. */
export function numberBytes(canonical: string): number {
  const { digits, exponent } = trimZeros(parseDecimal(canonical));
  if (digits === 0n) return 1;
  const length = (digits < 0n ? -digits : digits).toString().length;
  const odd = Math.abs(exponent) % 2;
  return Math.ceil((length + odd) / 2) + (digits < 0n ? 2 : 1);
}

/** Most numbers are short integers: they are canonical as they stand. */
function isPlainInteger(text: string): boolean {
  return /^(?:0|-?[1-9]\d{0,36})$/.test(text);
}

function parseDecimal(text: string): Decimal {
  if (!NUMBER.test(text)) {
    const shown = text === "" ? "" : `: ${text}`;
    throw validationError(`The parameter cannot be converted to a numeric value${shown}`);
  }
  const [mantissa = "", power = "0"] = text.toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const negative = whole.startsWith("-");
  const digits = BigInt(`${whole.replace(/^[+-]/, "")}${fraction}` || "0");
  return { digits: negative ? -digits : digits, exponent: Number(power) - fraction.length };
}

function checkRange(decimal: Decimal): Decimal {
  const trimmed = trimZeros(decimal);
  if (trimmed.digits === 0n) return trimmed;
  const length = trimmed.digits.toString().replace("-", "").length;
  const magnitude = length - 1 + trimmed.exponent;
  if (magnitude > LARGEST_MAGNITUDE) {
    throw validationError("Number overflow. Attempting to store a number with magnitude larger than supported range");
  }
  if (magnitude < SMALLEST_MAGNITUDE) {
    throw validationError("Number underflow. Attempting to store a number with magnitude smaller than supported range");
  }
  if (length > MOST_DIGITS) {
    throw validationError("Attempting to store more than 38 significant digits in a Number");
  }
  return trimmed;
}

function trimZeros({ digits, exponent }: Decimal): Decimal {
  if (digits === 0n) return { digits, exponent: 0 };
  const text = digits.toString();
  const zeros = text.length - text.replace(/0+$/, "").length;
  return zeros === 0 ? { digits, exponent } : { digits: BigInt(text.slice(0, -zeros)), exponent: exponent + zeros };
}

function atExponent({ digits, exponent }: Decimal, target: number): bigint {
  return digits * 10n ** BigInt(exponent - target);
}

function formatDecimal({ digits, exponent }: Decimal): string {
  if (exponent >= 0) return `${digits}${digits === 0n ? "" : "0".repeat(exponent)}`;
  const sign = digits < 0n ? "-" : "";
  const text = (digits < 0n ? -digits : digits).toString().padStart(1 - exponent, "0");
  return `${sign}${text.slice(0, exponent)}.${text.slice(exponent)}`;
}
