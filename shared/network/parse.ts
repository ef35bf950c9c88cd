import { z } from 'zod'
import { AppError } from '../errors'
import { networkDocumentSchema, networkFormat, networkVersion, type NetworkDocument } from './document'

const headSchema = z.object({ format: z.string(), version: z.number() })

/** Reads a network document from JSON text. `source` names the file in errors. */
export function parseNetwork(text: string, source: string): NetworkDocument {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new AppError('invalid-network', `${source} is not JSON: ${error instanceof Error ? error.message : ''}`, {
      fix: 'Choose a network file saved by Convscope.',
      params: { source },
      cause: error,
    })
  }
  return readNetwork(value, source)
}

/** Checks a parsed value against the document schema; throws `unsupported-version` or `invalid-network`. */
export function readNetwork(value: unknown, source: string): NetworkDocument {
  const head = headSchema.safeParse(value)
  if (!head.success || head.data.format !== networkFormat) {
    throw new AppError('invalid-network', `${source} is not a Convscope network (no "format": "${networkFormat}").`, {
      fix: 'Choose a network file saved by Convscope.',
      params: { source },
    })
  }
  if (head.data.version !== networkVersion) {
    const newer = head.data.version > networkVersion
    throw new AppError(
      'unsupported-version',
      `${source} is a network document of version ${head.data.version}; this Convscope reads version ${networkVersion}.`,
      {
        fix: newer ? 'Update Convscope, then open it again.' : 'Save it again with a current Convscope.',
        params: { source, version: head.data.version, supported: networkVersion },
      },
    )
  }
  const parsed = networkDocumentSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const detail = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
  throw new AppError('invalid-network', `${source} is damaged: ${detail}`, {
    fix: 'Mend the fields named above, or choose another file.',
    params: { source, detail },
  })
}
