// npm run new -- <name> [thing]: the skeleton of a service, which compiles and whose tests pass. CONTRIBUTING.md says
// how to go on.
import { execFileSync } from 'node:child_process'
import * as path from 'node:path'
import { writeSkeleton } from './skeleton.ts'
import { root } from './workspaces.ts'

function make(name: string, thing: string): void {
  const bin = (program: string) => path.join(root, 'node_modules/.bin', program)
  const run = (program: string, ...args: string[]) =>
    execFileSync(bin(program), args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  const files = writeSkeleton(root, { name, thing })
  // The order of imports and the breaks of lines depend on the words.
  run('biome', 'check', '--write', `services/${name}`)
  run('node', 'scripts/gen.ts')
  for (const file of files) console.log(file)
  console.log(
    [
      '',
      'next:',
      '  npm install                        so that others can import it',
      `  npm test -- services/${name}`,
      `  region/src/region.ts               add ${name} to the services`,
      '  npm run fixtures && npm run map && npm run refusals',
      '  CONTRIBUTING.md                    "A new insurance line in a day"',
    ].join('\n'),
  )
}

const [name, thing = 'claim'] = process.argv.slice(2)
if (!name) {
  console.error('npm run new -- <name> [thing]     e.g. npm run new -- housing claim')
  process.exitCode = 2
} else {
  try {
    make(name, thing)
  } catch (error) {
    console.error((error as Error).message)
    process.exitCode = 1
  }
}
