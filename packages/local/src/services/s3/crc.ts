import { crc32 as zlibCrc32 } from "node:zlib";

/** A reflected CRC that starts and ends inverted. */
export interface Crc {
  readonly bits: 32 | 64;
  readonly of: (bytes: Uint8Array) => bigint;
  /** The CRC of two texts one after the other, from theirs and the second one's length. */
  readonly combine: (first: bigint, second: bigint, secondBytes: number) => bigint;
}

/** Reflected polynomials: ISO-HDLC, Castagnoli (RFC 3720), NVM Express (base specification, 64b CRC). */
const POLYNOMIALS = { CRC32: 0xedb88320n, CRC32C: 0x82f63b78n, CRC64NVME: 0x9a6c9329ac4bc9b5n } as const;

export const CRC32: Crc = crc(32, POLYNOMIALS.CRC32, (bytes) => BigInt(zlibCrc32(bytes)));
export const CRC32C: Crc = crc(32, POLYNOMIALS.CRC32C);
export const CRC64NVME: Crc = crc(64, POLYNOMIALS.CRC64NVME);

function crc(bits: 32 | 64, polynomial: bigint, of: Crc["of"] = byTable(bits, polynomial)): Crc {
  const combine: Crc["combine"] = (first, second, secondBytes) =>
    multiply(bits, polynomial, shiftOf(bits, polynomial, secondBytes), first) ^ second;
  return { bits, of, combine };
}

/** Works on two signed halves of 32 bits: anything else is no small integer to the engine, and ten to a hundred times slower. */
function byTable(bits: 32 | 64, polynomial: bigint): Crc["of"] {
  const high = new Int32Array(256);
  const low = new Int32Array(256);
  for (let index = 0; index < 256; index++) {
    let value = BigInt(index);
    for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ polynomial : value >> 1n;
    high[index] = Number(BigInt.asIntN(32, value >> 32n));
    low[index] = Number(BigInt.asIntN(32, value));
  }
  return (bytes) => {
    let upper = bits === 64 ? -1 : 0;
    let lower = -1;
    for (let at = 0; at < bytes.length; at++) {
      const index = (lower ^ (bytes[at] as number)) & 0xff;
      lower = ((lower >>> 8) | (upper << 24)) ^ (low[index] as number);
      upper = (upper >>> 8) ^ (high[index] as number);
    }
    const value = (BigInt(upper >>> 0) << 32n) | BigInt(lower >>> 0);
    return BigInt.asUintN(bits, ~value);
  };
}

/** x to the power of 8 · bytes modulo the polynomial: what appending so many zero bytes multiplies by. */
function shiftOf(bits: number, polynomial: bigint, bytes: number): bigint {
  let result = 1n << BigInt(bits - 1);
  let power = 1n << BigInt(bits - 9);
  for (let left = bytes; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = multiply(bits, polynomial, power, result);
    power = multiply(bits, polynomial, power, power);
  }
  return result;
}

/** The product of two reflected polynomials, modulo a third. */
function multiply(bits: number, polynomial: bigint, a: bigint, b: bigint): bigint {
  let product = 0n;
  let factor = b;
  for (let mask = 1n << BigInt(bits - 1); mask > 0n; mask >>= 1n) {
    if (a & mask) product ^= factor;
    factor = factor & 1n ? (factor >> 1n) ^ polynomial : factor >> 1n;
  }
  return product;
}
