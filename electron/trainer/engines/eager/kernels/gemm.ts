/**
 * `c [m, n] = a [m, k] · b [n, k]ᵀ`, all in row-major order; added to what `c` holds if `accumulate`.
 * Both factors are read along their rows, two rows against four at a time, so that each value loaded is used several times.
 * Sums are in double precision.
 */
export function multiplyTransposed(
  a: Float32Array,
  b: Float32Array,
  c: Float32Array,
  [m, n, k]: readonly [number, number, number],
  accumulate = false,
): void {
  if (!accumulate) c.fill(0, 0, m * n)
  const wholeRows = m - (m % 2)
  const wholeColumns = n - (n % 4)
  for (let j = 0; j < wholeColumns; j += 4) {
    for (let i = 0; i < wholeRows; i += 2) block(a, i * k, b, j * k, k, c, i * n + j, n)
  }
  for (let i = 0; i < m; i++) {
    for (let j = i < wholeRows ? wholeColumns : 0; j < n; j++) c[i * n + j]! += dot(a, i * k, b, j * k, k)
  }
}

/** Two rows of `a` against four of `b`. */
function block(
  a: Float32Array,
  a0: number,
  b: Float32Array,
  b0: number,
  k: number,
  c: Float32Array,
  c0: number,
  n: number,
): void {
  const a1 = a0 + k
  const b1 = b0 + k
  const b2 = b1 + k
  const b3 = b2 + k
  let [s00, s01, s02, s03, s10, s11, s12, s13] = [0, 0, 0, 0, 0, 0, 0, 0]
  for (let p = 0; p < k; p++) {
    const x0 = a[a0 + p]!
    const x1 = a[a1 + p]!
    const y0 = b[b0 + p]!
    const y1 = b[b1 + p]!
    const y2 = b[b2 + p]!
    const y3 = b[b3 + p]!
    s00 += x0 * y0
    s01 += x0 * y1
    s02 += x0 * y2
    s03 += x0 * y3
    s10 += x1 * y0
    s11 += x1 * y1
    s12 += x1 * y2
    s13 += x1 * y3
  }
  const c1 = c0 + n
  c[c0]! += s00
  c[c0 + 1]! += s01
  c[c0 + 2]! += s02
  c[c0 + 3]! += s03
  c[c1]! += s10
  c[c1 + 1]! += s11
  c[c1 + 2]! += s12
  c[c1 + 3]! += s13
}

function dot(a: Float32Array, a0: number, b: Float32Array, b0: number, k: number): number {
  let sum = 0
  for (let p = 0; p < k; p++) sum += a[a0 + p]! * b[b0 + p]!
  return sum
}
