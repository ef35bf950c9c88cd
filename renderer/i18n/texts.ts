/** The same keys with any sentences: what a translation of `T` must have, no more and no less. */
export type Texts<T> = { readonly [K in keyof T]: T[K] extends string ? string : Texts<T[K]> }
