import { zipSync, type Zippable } from 'fflate'
import { mkdirSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { AppError } from '../../../shared/errors'
import { readCheckpointSource } from '../../exchange/pytorch-project/checkpoint-source'
import { projectFiles, type ProjectFiles } from '../../exchange/pytorch-project/contents'
import { makeFolder, writeParts } from '../files'
import type { ExportFormat, ExportSource } from '../format'
import { openProject } from '../readers/pytorch-project'

/** Tensors hardly get smaller by packing. */
const stored = new Set(['.safetensors'])

/** A program that continues the run in PyTorch: a folder of files, or one zip file that holds the folder. */
export const pytorchProjectFormat: ExportFormat = {
  id: 'pytorch-project',
  reference: 'tensorflow',
  write(source, target) {
    const { project, config, network, about } = source
    if (!project) throw new AppError('internal', 'an export of a project came without its checkpoint')
    const checkpoint = readCheckpointSource(project.checkpoint)
    const files = projectFiles({ name: about.run, document: network.document, config, checkpoint })
    if (project.zip) writeParts(target, [packed(files)])
    else writeFolder(target, files)
    return Promise.resolve()
  },
  read: (target, source: ExportSource) => openProject(target, source),
}

function writeFolder(target: string, files: ProjectFiles): void {
  makeFolder(target)
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(target, path)), { recursive: true })
    writeParts(join(target, path), [bytes])
  }
}

/** In a folder of its own, so that unpacking scatters nothing. */
function packed(files: ProjectFiles): Uint8Array {
  const content: Zippable = {}
  for (const [path, bytes] of files) {
    content[`pytorch-project/${path}`] = [bytes, { level: stored.has(extname(path)) ? 0 : 6 }]
  }
  return zipSync(content)
}
