import { createJavaScriptRegexEngine } from '@shikijs/engine-javascript'
import python from '@shikijs/langs/python'
import { codeToTokensBase, createShikiPrimitive } from '@shikijs/primitive'

export interface Token {
  readonly text: string
  /** A CSS colour: one of our tokens, so that light and dark follow by themselves. */
  readonly colour: string
}

function rule(scope: string[], token: string) {
  return { scope, settings: { foreground: `var(--${token})` } }
}

const theme = {
  name: 'convscope',
  type: 'light' as const,
  fg: 'var(--ink)',
  bg: 'var(--surface)',
  settings: [
    { settings: { foreground: 'var(--ink)', background: 'var(--surface)' } },
    rule(['comment', 'string.quoted.docstring'], 'ink-3'),
    rule(['string'], 'result'),
    rule(['keyword', 'storage'], 'accent-text'),
    rule(['keyword.operator'], 'ink-2'),
    rule(['constant.numeric', 'constant.language'], 'layer-dense'),
    rule(['entity.name.function', 'support.function', 'meta.function-call.generic'], 'data'),
    rule(['entity.name.type', 'support.type'], 'layer-pooling'),
    rule(['variable.parameter.function-call'], 'ink-2'),
  ],
}

// The JavaScript engine turns the grammar into regular expressions: no WebAssembly and no code from strings, both of which
// the content security policy refuses.
const shiki = createShikiPrimitive({ engine: createJavaScriptRegexEngine(), langs: [python], themes: [theme] })

/** Python in colours, line by line. */
export function highlight(code: string): readonly (readonly Token[])[] {
  return codeToTokensBase(shiki, code, { lang: 'python', theme: theme.name }).map((line) =>
    line.map(({ content, color }) => ({ text: content, colour: color ?? 'var(--ink)' })),
  )
}
