#!/usr/bin/env node
// The `jinbao` command line.
import { runCli } from './cli/program.ts'

// `jinbao … | head` closes the pipe when it has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})
process.exitCode = await runCli(process.argv.slice(2))
