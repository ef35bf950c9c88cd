import type { KnipConfig } from 'knip'

const config: KnipConfig = {
  // What programs start by path, or find by listing a folder.
  entry: [
    'electron/cli/convscope.ts',
    'electron/main/db/migrations/*.ts',
    'shared/layers/kinds/*.ts',
    'scripts/*.mjs',
    'scripts/setup/probes/*.cjs',
    'scripts/setup/electron-loader/main.mjs',
    'scripts/package/*.cjs',
    'bench/*.mjs',
    'bench/contenders/*.{ts,cjs}',
    'bench/{designer,runs}/*.ts',
    '**/vite.config.ts',
    'vite.cli.config.ts',
    'renderer/testing/**/*.{ts,html}',
    'e2e/**/*.spec.ts',
  ],
  project: ['{shared,electron,renderer,e2e,scripts,bench}/**/*.{ts,vue,mjs,cjs}', '*.config.ts'],
  // Tools that scripts/ start by path.
  ignoreDependencies: ['dependency-cruiser', 'node-gyp'],
  // Of the system, or of set-up's part `desktop`.
  ignoreBinaries: ['dbus-daemon', 'mount', 'umount'],
  ignoreExportsUsedInFile: true,
}

export default config
