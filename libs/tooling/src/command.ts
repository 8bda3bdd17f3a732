import { StartupError } from '@courtside/kernel'

/** Runs a command line program; a fault that its user can mend is printed without a stack, and ends it with 1. */
export async function runCommand(main: () => Promise<void>): Promise<void> {
  try {
    await main()
  } catch (error) {
    if (!(error instanceof StartupError)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}
