import type { z } from 'zod'

/** A call's input is parsed by `input` before a handler sees it; `output` is a type only. */
export interface CallSpec<Input extends z.ZodType, Output> {
  readonly input: Input
  readonly output: (value: Output) => Output
}

export function call<Input extends z.ZodType, Output>(
  input: Input,
  output: (value: Output) => Output,
): CallSpec<Input, Output> {
  return { input, output }
}

export function gives<Output>(): (value: Output) => Output {
  return (value) => value
}
