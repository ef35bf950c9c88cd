type Numbers = Float32Array | Int32Array

/**
 * A growing column of numbers in one typed array, doubled when full. Kept outside Vue's reactivity on purpose: a run has
 * hundreds of thousands of steps, and whoever shows them listens to a version counter instead.
 */
export class Column<T extends Numbers> {
  private buffer: T
  private used = 0

  constructor(private readonly make: (length: number) => T) {
    this.buffer = make(1024)
  }

  get length(): number {
    return this.used
  }

  push(value: number): void {
    if (this.used === this.buffer.length) this.reserve(this.used * 2)
    this.buffer[this.used++] = value
  }

  append(values: ArrayLike<number>): void {
    if (this.used + values.length > this.buffer.length) {
      this.reserve(Math.max(this.buffer.length * 2, this.used + values.length))
    }
    this.buffer.set(values, this.used)
    this.used += values.length
  }

  /** The last value; undefined while empty. */
  last(): number | undefined {
    return this.used === 0 ? undefined : this.buffer[this.used - 1]
  }

  /** The values so far, sharing memory; valid until the next push. */
  view(): T {
    return this.buffer.subarray(0, this.used) as T
  }

  private reserve(length: number): void {
    const grown = this.make(length)
    grown.set(this.view())
    this.buffer = grown
  }
}

export function float32Column(): Column<Float32Array> {
  return new Column((length) => new Float32Array(length))
}

export function int32Column(): Column<Int32Array> {
  return new Column((length) => new Int32Array(length))
}
