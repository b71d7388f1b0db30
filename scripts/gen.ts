// Makes proto/gen from proto/**: the TypeScript messages and service definitions (ts-proto) and the
// descriptor image that drives the gateway. Not committed: one source, nothing to review twice
// (docs/decisions/0002). Only files whose text changed are rewritten, so that running tests are not disturbed.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import * as path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const at = (...parts: string[]) => path.join(root, ...parts)
const bin = (name: string) => at('node_modules/.bin', name)

const googleProtos = [
  'google/api/http.proto',
  'google/api/annotations.proto',
  'google/api/field_behavior.proto',
  'google/rpc/status.proto',
  'google/rpc/error_details.proto',
]

function vendorGoogle() {
  for (const file of googleProtos) {
    const to = at('.cache/googleapis', file)
    fs.mkdirSync(path.dirname(to), { recursive: true })
    fs.copyFileSync(at('node_modules/google-proto-files', file), to)
  }
}

function files(dir: string, ending: string): string[] {
  return fs
    .readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending) && !name.startsWith('gen') && !name.includes('node_modules'))
    .sort()
}

/** Digest of everything the output depends on. */
function sourceDigest(): string {
  const hash = createHash('sha256')
  for (const name of files(at('proto'), '.proto')) hash.update(name).update(fs.readFileSync(at('proto', name)))
  for (const file of ['buf.gen.yaml', 'scripts/gen.ts', 'packages/client/src/generate.ts', 'package.json'])
    hash.update(fs.readFileSync(at(file)))
  return hash.digest('hex')
}

function mirror(from: string, to: string) {
  const wanted = new Set(fs.readdirSync(from, { recursive: true, encoding: 'utf8' }))
  for (const name of wanted) {
    const source = path.join(from, name)
    const target = path.join(to, name)
    if (fs.statSync(source).isDirectory()) {
      fs.mkdirSync(target, { recursive: true })
      continue
    }
    const text = fs.readFileSync(source)
    if (!fs.existsSync(target) || !fs.readFileSync(target).equals(text)) fs.writeFileSync(target, text)
  }
  for (const name of fs.readdirSync(to, { recursive: true, encoding: 'utf8' })) {
    if (!wanted.has(name)) fs.rmSync(path.join(to, name), { recursive: true, force: true })
  }
}

const stamp = at('proto/gen/.stamp')
const started = new Date()
const digest = sourceDigest()
if (!fs.existsSync(stamp) || fs.readFileSync(stamp, 'utf8') !== digest || process.argv.includes('--force')) {
  vendorGoogle()
  fs.mkdirSync(at('.cache'), { recursive: true })
  const scratch = fs.mkdtempSync(at('.cache/gen-'))
  try {
    execFileSync(bin('buf'), ['generate', '--output', scratch], { cwd: root, stdio: 'inherit' })
    const made = path.join(scratch, 'proto/gen')
    execFileSync(bin('buf'), ['build', '--as-file-descriptor-set', '-o', path.join(made, 'image.binpb')], {
      cwd: root,
      stdio: 'inherit',
    })
    fs.writeFileSync(path.join(made, '.stamp'), digest)
    fs.mkdirSync(at('proto/gen'), { recursive: true })
    mirror(made, at('proto/gen'))
    // The client's types follow from the image; in a process of its own, because it imports what was just made.
    execFileSync(process.execPath, [at('scripts/client.ts')], { cwd: root, stdio: 'inherit' })
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true })
  }
}
// The bootstrap compares times only; whoever edits a proto meanwhile is younger than this.
fs.utimesSync(stamp, started, started)
