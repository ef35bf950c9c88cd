import type { LayerKind } from './define'

// The build tool lists the folder, so that a new file is a new layer.
const modules = import.meta.glob<LayerKind>('./kinds/*.ts', { eager: true, import: 'default' })

/** Every layer kind by its name, in alphabetical order of the files. */
export const layerKinds: ReadonlyMap<string, LayerKind> = new Map(
  Object.entries(modules)
    .filter(([path]) => !path.includes('.test.'))
    .map(([, kind]) => [kind.kind, kind]),
)
