/**
 * Random numbers that depend on nothing but their seed words: the same on every machine and after every resume.
 * Generator: sfc32 (Chris Doty-Humphrey, PractRand), seeded through a 32-bit mix (murmur3's finaliser).
 */
export interface Random {
  /** A whole number from 0 to 2^32 - 1. */
  uint32(): number
  /** Uniform in [0, 1), 32 bits. */
  uniform(): number
}

/** `words` say what the numbers are for, such as `(seed, 'order', epoch)`. */
export function createRandom(...words: readonly (number | string)[]): Random {
  let [a, b, c, counter] = [hashWords(words, 1), hashWords(words, 2), hashWords(words, 3), 1]
  function uint32(): number {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return sum >>> 0
  }
  for (let i = 0; i < 12; i++) uint32()
  return { uint32, uniform: () => uint32() / 4294967296 }
}

/** A 32-bit hash of words, for seeds that cross into an engine. */
export function hashWords(words: readonly (number | string)[], salt = 0): number {
  let hash = mix(salt ^ 0x9e3779b9)
  for (const word of words) {
    const text = String(word)
    for (let i = 0; i < text.length; i++) hash = mix(hash ^ text.charCodeAt(i))
    hash = mix(hash ^ 0x85ebca6b)
  }
  return hash >>> 0
}

function mix(value: number): number {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** `[0, 1, ..., count - 1]` in random order (Fisher-Yates). */
export function permutation(count: number, random: Random): Int32Array {
  const order = Int32Array.from({ length: count }, (_, index) => index)
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random.uniform() * (last + 1))
    const kept = order[last] ?? 0
    order[last] = order[other] ?? 0
    order[other] = kept
  }
  return order
}
