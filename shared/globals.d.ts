// What every runtime has (https://encoding.spec.whatwg.org), and neither ES2023 nor this folder's types declare.

declare class TextEncoder {
  encode(text: string): Uint8Array
}

declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean })
  decode(bytes: Uint8Array): string
}
