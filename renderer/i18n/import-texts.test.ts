import { describe, expect, it } from 'vitest'
import { ImportFailure, type ImportFailureCode } from '../../shared/import/failure'
import { readImport, type ImportSource } from '../../shared/import/import'
import { importCodes, type ImportCode, type ImportParams } from '../../shared/import/report'
import { fileContent } from '../../shared/import/source'
import { en } from './en'
import { zhCN } from './zh-CN'

const usual = { height: 28, width: 28, channels: 1 }

/** Placeholders of a text that its values leave open. */
function open(text: string, known: readonly string[]): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].flatMap(([, place = '']) => (known.includes(place) ? [] : [place]))
}

describe('the texts of imports', () => {
  it('are filled by what the importers say', () => {
    for (const [code, { params }] of Object.entries(importCodes)) {
      for (const texts of [en, zhCN])
        expect([code, open(texts.imports.issue[code as ImportCode], params)]).toEqual([code, []])
    }
  })

  it('are filled for everything that keeps a file from being imported', () => {
    const text = (content: string, format: 'auto' | 'pytorch' | 'keras' = 'auto'): ImportSource => ({
      type: 'text',
      text: content,
      format,
    })
    const onnx = (...bytes: number[]): ImportSource => ({
      type: 'onnx',
      name: 'net.onnx',
      bytes: Uint8Array.from(bytes),
    })
    const sources = [
      text(''),
      text('words'),
      text('words', 'pytorch'),
      text('nn.Sequential('),
      text('class A(nn.Module):\n'),
      text('import keras'),
      text('Layer (type)'),
      text('{"format": "convscope.network"'),
      text('{'),
      text('{}'),
      onnx(1),
      // A graph (7) with a tensor (5) called w (8) that lies elsewhere (14), and one of type (2) 3.
      onnx(0x3a, 7, 0x2a, 5, 0x42, 1, 0x77, 0x70, 1),
      onnx(0x3a, 10, 0x2a, 8, 0x10, 3, 0x42, 1, 0x77, 0x4a, 1, 1),
    ]
    const failures: { code: ImportFailureCode; params: ImportParams }[] = sources.flatMap((source) => {
      const answer = readImport(source, null, usual)
      return answer.type === 'failed' ? [answer] : []
    })
    for (const name of ['net.pt', 'net.keras', 'net.png', 'large.txt']) {
      const bytes = name === 'large.txt' ? new Uint8Array(2 ** 24 + 1) : Uint8Array.of(0)
      try {
        fileContent(name, bytes)
      } catch (error) {
        if (error instanceof ImportFailure) failures.push(error)
      }
    }
    expect(failures.map(({ code }) => code).sort()).toEqual(Object.keys(en.imports.failure).sort())
    for (const { code, params } of failures) {
      for (const { failure, failureFix } of [en.imports, zhCN.imports]) {
        expect([code, open(failure[code] + failureFix[code], Object.keys(params))]).toEqual([code, []])
      }
    }
  })
})
