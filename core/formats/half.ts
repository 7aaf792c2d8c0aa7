/** The number that the bits of an IEEE 754 half-precision float (binary16) stand for. */
export function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25)
}

const word = new DataView(new ArrayBuffer(4))

/** The number that the bits of a bfloat16 stand for: the upper half of a float32. */
export function fromBfloat(bits: number): number {
  word.setUint16(0, bits)
  word.setUint16(2, 0)
  return word.getFloat32(0)
}
