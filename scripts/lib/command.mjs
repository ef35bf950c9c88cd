import { reportFailure } from '../setup/report.mjs'

/**
 * Runs a command's work and ends with its exit code; failures are said in words.
 * @param {() => Promise<number | undefined | void>} main
 */
export async function command(main) {
  try {
    process.exitCode = (await main()) ?? 0
  } catch (error) {
    process.exitCode = reportFailure(error)
  }
}
