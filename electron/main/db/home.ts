import { homedir } from 'node:os'
import { join } from 'node:path'

/** The name that the folder of user data carries, on every system. */
export const appName = 'Convscope'

/** The database's file within it. */
export const databaseName = 'convscope.sqlite'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Where runs, settings and logs live: `CONVSCOPE_HOME`, or the folder that Electron calls `userData` for an app of our name,
 * so that the window and the command line share one database.
 */
export function defaultHome(
  env: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
  userFolder: string = homedir(),
): string {
  if (env.CONVSCOPE_HOME) return env.CONVSCOPE_HOME
  switch (platform) {
    case 'win32':
      return join(env.APPDATA || join(userFolder, 'AppData', 'Roaming'), appName)
    case 'darwin':
      return join(userFolder, 'Library', 'Application Support', appName)
    default:
      return join(env.XDG_CONFIG_HOME || join(userFolder, '.config'), appName)
  }
}

/** The folder of one run, relative to the home folder; its checkpoints lie in it. */
export function runFolderName(id: string): string {
  return join('runs', id)
}
