// Who may import whom: each process imports only `shared` from outside its own folder.

/** @param {string} name @param {string} comment @param {object} from @param {object} to */
function forbid(name, comment, from, to) {
  return { name, comment, severity: 'error', from, to }
}

const anyTest = '\\.test\\.(ts|mjs)$'
const types = ['type-only']

module.exports = {
  forbidden: [
    forbid(
      'no-circular',
      'Files that import each other cannot be read one at a time.',
      {},
      {
        circular: true,
        viaOnly: { dependencyTypesNot: types },
      },
    ),
    forbid(
      'resolvable',
      'An import that leads nowhere.',
      {},
      { couldNotResolve: true, pathNot: '^\\?|\\?(raw|url|worker)$' },
    ),

    forbid(
      'shared-alone',
      'shared/ imports nothing of ours but shared/.',
      { path: '^shared/' },
      {
        path: '^(electron|renderer|e2e|scripts|bench)/',
      },
    ),
    forbid(
      'shared-pure',
      'shared/ runs in every process: no Node, no Electron.',
      { path: '^shared/', pathNot: [anyTest, '/testing/'] },
      {
        dependencyTypes: ['core'],
      },
    ),
    forbid(
      'shared-packages',
      'shared/ uses zod, fflate, and types of tfjs-core, and no other package.',
      {
        path: '^shared/',
        pathNot: [anyTest, '/testing/'],
      },
      { path: 'node_modules/', pathNot: 'node_modules/(zod|fflate|@tensorflow/tfjs-core|vite)/' },
    ),
    forbid(
      'shared-tfjs-types',
      'shared/ takes only types from tfjs.',
      { path: '^shared/', pathNot: anyTest },
      {
        path: 'node_modules/@tensorflow/',
        dependencyTypesNot: types,
      },
    ),

    forbid(
      'renderer-zone',
      'The window imports only shared/ from the other folders.',
      { path: '^renderer/' },
      {
        path: '^(electron|e2e|scripts|bench)/',
      },
    ),
    forbid(
      'renderer-sandboxed',
      'The window is sandboxed: no Node, no Electron, no native code.',
      {
        path: '^renderer/',
        pathNot: [anyTest, '/testing/'],
      },
      { dependencyTypes: ['core'] },
    ),
    forbid(
      'renderer-no-native',
      'The window is sandboxed: no Node, no Electron, no native code.',
      { path: '^renderer/' },
      {
        path: 'node_modules/(electron|better-sqlite3|@tensorflow/tfjs-node)/',
      },
    ),

    forbid(
      'main-zone',
      'The main process imports only shared/, data/, exchange/ and run-folder/ from the other folders; it names the trainer by path.',
      {
        path: '^electron/main/',
      },
      { path: '^(electron/(?!main/|data/|exchange/|run-folder/)|renderer/|e2e/|scripts/|bench/)' },
    ),
    forbid(
      'preload-zone',
      'The preload script imports only shared/ and Electron.',
      { path: '^electron/preload/' },
      {
        path: '^(electron/(?!preload/)|renderer/|e2e/|scripts/|bench/)|node_modules/(?!electron/|zod/)',
      },
    ),
    forbid(
      'trainer-zone',
      'The trainer imports only shared/, data/ and run-folder/ from the other folders.',
      { path: '^electron/trainer/' },
      {
        path: '^(electron/(?!trainer/|data/|run-folder/)|renderer/|e2e/|scripts/|bench/)',
      },
    ),
    forbid(
      'data-zone',
      'Finding and reading data sets needs only shared/.',
      { path: '^electron/data/' },
      { path: '^(electron/(?!data/)|renderer/|e2e/|scripts/|bench/)' },
    ),
    forbid(
      'exchange-zone',
      'What leaves and enters the app as files needs only shared/ and run-folder/.',
      { path: '^electron/exchange/' },
      { path: '^(electron/(?!exchange/|run-folder/)|renderer/|e2e/|scripts/|bench/)' },
    ),
    forbid(
      'run-folder-zone',
      "A run's folder is read and written with shared/ alone.",
      { path: '^electron/run-folder/', pathNot: anyTest },
      { path: '^(electron/(?!run-folder/)|renderer/|e2e/|scripts/|bench/)' },
    ),
    forbid(
      'exporter-zone',
      'Exports run networks on the trainer’s engines; of the rest they need only shared/, data/ and exchange/.',
      { path: '^electron/exporter/' },
      {
        path: '^(electron/(?!exporter/|data/|exchange/|trainer/(engines|engine-choice|load-weights))|renderer/|e2e/|scripts/|bench/)',
      },
    ),
    forbid(
      'archiver-zone',
      'Run files are exchange/, backups and recovery belong to the database.',
      { path: '^electron/archiver/' },
      { path: '^(electron/(?!archiver/|exchange/|main/db/)|renderer/|e2e/|scripts/|bench/)' },
    ),
    forbid(
      'cli-zone',
      'The command line uses the programs, the data, the database, recorder and export jobs, nothing else of the main process.',
      {
        path: '^electron/cli/',
      },
      {
        path: '^(electron/(?!cli/|data/|exchange/|exporter/|run-folder/|trainer/|main/(db|runs|exports)/)|renderer/|e2e/|scripts/|bench/)',
      },
    ),
    forbid(
      'no-electron-outside-main',
      'Trainer, command line and database run without Electron.',
      {
        path: '^electron/(trainer|exporter|archiver|cli|data|exchange|run-folder|main/db|main/runs)/',
        pathNot: '^electron/(trainer|exporter|archiver)/index\\.ts$',
      },
      { path: 'node_modules/electron/', dependencyTypesNot: types },
    ),

    forbid(
      'one-importer-of-tfjs-node',
      'Only the TensorFlow engine touches the native binding.',
      {
        pathNot: ['^electron/trainer/engines/tensorflow/', '^(scripts|bench)/'],
      },
      { path: 'node_modules/@tensorflow/tfjs-node/' },
    ),
    forbid(
      'one-importer-of-sqlite',
      'Only the database folder opens databases.',
      {
        pathNot: ['^electron/main/db/', '^electron/.*\\.test\\.ts$', '^(scripts|bench|e2e)/'],
      },
      { path: 'node_modules/(better-sqlite3|@types/better-sqlite3)/', dependencyTypesNot: types },
    ),
    forbid(
      'e2e-zone',
      'The end-to-end tests see the app from outside.',
      { path: '^e2e/' },
      { path: '^(electron|renderer)/' },
    ),
    forbid(
      'scripts-zone',
      'The set-up runs before anything is built.',
      { path: '^scripts/' },
      {
        path: '^(electron|renderer|e2e|shared)/',
      },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(out|dist|coverage|test-results)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.vue', '.mjs', '.cjs', '.js', '.json', '.d.ts'],
    },
  },
}
