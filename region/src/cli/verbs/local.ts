// Verbs that touch files of this machine: seed, backup, restore, verify, policy.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { formatRational, isDay, isMonth, toFen } from '@jinbao/core'
import { checkPolicy, findingLine, loadPolicy, type PolicyBook, shippedPolicy } from '@jinbao/policy'
import { writeSeed } from '../../seed/write.ts'
import { backupStopped, copyKeys, restore as putBack } from '../backup.ts'
import { dataFolder, Usage } from '../connection.ts'
import { askForBackup } from '../control.ts'
import { table } from '../output.ts'
import { progressOf } from '../progress.ts'
import { Failed, type Verb } from '../verb.ts'

const today = () => Temporal.Now.plainDateISO('Asia/Shanghai').toString()

export const seed: Verb = {
  usage: 'seed <folder>',
  help: 'Write a realistic synthetic population as files for import and declare: the same seed, the same people.',
  example: 'seed data/seed --place 310000 --size 10000 --seed 7',
  options: [
    ['--size <persons>', 'how many persons', '1000'],
    ['--seed <number>', 'which population', '1'],
    ['--month <month>', 'month it stands at; default this one'],
  ],
  async run({ globals, io, say }, [folder = ''], { size = '', seed = '', month = today().slice(0, 7) }) {
    if (!/^\d{1,9}$/.test(size) || !/^\d{1,9}$/.test(seed)) throw new Usage('--size and --seed are whole numbers')
    if (!isMonth(month)) throw new Usage('--month looks like 2026-07')
    const law = loadPolicy().on(globals.place, `${month}-01`)
    const averageFen = toFen(law.value('wage.average.contribution'))
    const progress = progressOf(io, folder, Number(size) * 4)
    let before = 0
    const done = await writeSeed({
      folder,
      place: globals.place,
      size: Number(size),
      seed: Number(seed),
      month,
      averageFen,
      progress: (rows) => {
        progress.rows(rows > before ? rows - before : rows)
        before = rows
      },
    })
    progress.stop()
    say(done, () => `${done.persons} persons, ${done.employers} employers, ${done.employed} relations in ${folder}\n`)
  },
}

export const backup: Verb = {
  usage: 'backup <folder>',
  help: 'A consistent copy of the region, also while it runs. Keys are copied apart, into one folder that is replaced.',
  example: 'backup backups/2026-07-01 --keys backups/keys',
  required: [['--keys <folder>', 'where the keys go; keep it elsewhere than the copies']],
  async run({ globals, say }, [folder = ''], { keys = '' }) {
    const data = dataFolder(globals)
    const answer = await askForBackup(data, folder)
    if (answer && 'no' in answer) throw new Failed(answer.no)
    const done = answer ? answer.ok : await backupStopped(data, folder)
    const copied = copyKeys(data, keys)
    say({ backup: done, keys: copied }, () => `${folder} is complete; keys: ${copied.join(', ') || 'none'}\n`)
  },
}

export const restore: Verb = {
  usage: 'restore <folder>',
  help: 'Put a backup into a data folder that is not there yet. Views are built at the next start.',
  example: 'restore backups/2026-07-01 --keys backups/keys --data data/110000',
  options: [['--keys <folder>', 'where the keys were copied to']],
  async run({ globals, say }, [folder = ''], { keys }) {
    const data = dataFolder(globals)
    const services = putBack(folder, keys, data)
    say({ data, services }, () => `${data} holds ${services.join(', ')}; start it with \`jinbao up\`\n`)
  },
}

export const verify: Verb = {
  usage: 'verify <document>',
  help: 'Recompute an explanation document with the separate verifier, against the law in the policy folder.',
  example: 'verify award.json',
  options: [['--policy <folder>', 'the law', shippedPolicy]],
  async run({ globals, io }, [document = ''], { policy = '' }) {
    const program = fileURLToPath(import.meta.resolve('@jinbao/verify/main.ts'))
    const args = [program, document, '--policy', policy, ...(globals.json ? ['--json'] : [])]
    const running = spawnSync(process.execPath, args, { stdio: ['inherit', 'pipe', 'pipe'], encoding: 'utf8' })
    const { status, stdout, stderr } = running
    io.write(stdout)
    io.warn(stderr)
    if (status === 2) throw new Usage('the document or the policy folder cannot be read')
    if (status !== 0) throw new Failed('something disagrees, see above')
  },
}

const check: Verb = {
  usage: 'check [folder]',
  help: 'Check a whole folder of the law: schema, overlaps, sources, units, marks, consistency.',
  example: 'policy check policy',
  async run({ say }, [folder = shippedPolicy]) {
    const findings = checkPolicy(folder, today())
    say(findings, () => (findings.length > 0 ? findings.map((one) => `${findingLine(one)}\n`).join('') : 'in order\n'))
    if (findings.some(({ severity }) => severity === 'error')) throw new Failed('the policy folder has errors')
  },
}

const show: Verb = {
  usage: 'show <key>',
  help: 'A value of the law in force at the place on a day, and where it comes from.',
  example: 'policy show contribution.base.floor --place 310000 --on 2025-07-01',
  options: [['--on <day>', 'day, default today']],
  async run({ globals, say }, [key = ''], { on = today() }) {
    if (!isDay(on)) throw new Usage('--on looks like 2026-07-01')
    const { policy: entry, text } = lookUp(loadPolicy(), globals.place, on, key)
    const row = {
      key: entry.key,
      value: text,
      place: entry.place,
      from: entry.from,
      to: entry.to,
      published: entry.published,
      mark: entry.mark,
      source: entry.source,
    }
    say(row, () => table([row]))
  },
}

function lookUp(book: PolicyBook, place: string, on: string, key: string) {
  if (!book.folder.keys.has(key)) throw new Usage(`there is no policy key ${key}; see the folder policy/keys`)
  const { shape } = book.key(key)
  const law = book.on(place, on)
  if (shape === 'value') {
    const value = law.value(key)
    return { policy: value.policy, text: formatRational(value) }
  }
  if (shape === 'word') {
    const { words = [] } = book.key(key)
    const chosen = law.word(key, words)
    return { policy: chosen.policy, text: chosen.word }
  }
  const rows = law.table(key)
  return {
    policy: rows.policy,
    text: [...rows.rows].map(([row, value]) => `${row}=${formatRational(value)}`).join(' '),
  }
}

export const policyVerbs = [check, show]
