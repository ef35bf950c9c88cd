import { z } from 'zod'

/** A backup is a zip file: the database, the run folders where they were wanted, and this, which comes last. */
export const manifestName = 'manifest.json'
export const backupVersion = 1

/** Within the home folder, with slashes; nothing that leads out of it. */
export const fileNameSchema = z.string().regex(/^(convscope\.sqlite|runs\/[0-9a-f-]{36}(\/\w[\w.-]*)+)$/)

const fileSchema = z.object({
  name: fileNameSchema,
  size: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})

/** What each version of the format has, so that a newer one is known for what it is. */
export const versionSchema = z.object({ format: z.literal('convscope.backup'), version: z.int().min(1) })

export const manifestSchema = versionSchema.extend({
  /** Unix milliseconds. */
  createdAt: z.int().min(0),
  appVersion: z.string(),
  /** Of the database's tables. */
  schema: z.int().min(0),
  runs: z.int().min(0),
  /** Whether the run folders, and with them the weights, are in it. */
  folders: z.boolean(),
  files: z.array(fileSchema),
})
export type BackupManifest = z.infer<typeof manifestSchema>
