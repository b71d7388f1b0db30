// The texts of a new service, made from scripts/skeleton/: the folders are those of the repository, every file ends in
// .txt, and `__name__` (service), `__thing__` (its aggregate) stand for the words, also as __Name__, __THING__, __things__.
import * as fs from 'node:fs'
import * as path from 'node:path'

const templates = path.join(import.meta.dirname, 'skeleton')

export interface Words {
  /** One noun: folder, proto segment, stream prefix and topic. */
  readonly name: string
  /** What a stream of it is about, one noun. */
  readonly thing: string
}

const capital = (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1)

function fill(text: string, { name, thing }: Words): string {
  const words: Record<string, string> = {
    __name__: name,
    __Name__: capital(name),
    __things__: `${thing}s`,
    __thing__: thing,
    __Thing__: capital(thing),
    __THING__: thing.toUpperCase(),
  }
  return text.replace(/__(?:name|Name|things?|Thing|THING)__/g, (word) => words[word] ?? word)
}

/** Path in the repository to text. Throws a plain sentence when a word will not do. */
export function skeleton(words: Words): ReadonlyMap<string, string> {
  for (const word of [words.name, words.thing])
    if (!/^[a-z]{2,30}$/.test(word)) throw new Error(`"${word}" is not one lower-case noun`)
  if (words.name === words.thing) throw new Error('the service and its aggregate need names of their own')
  const files = fs.globSync('**/*.txt', { cwd: templates }).sort()
  return new Map(
    files.map((file) => [
      fill(file.slice(0, -'.txt'.length), words),
      fill(fs.readFileSync(path.join(templates, file), 'utf8'), words),
    ]),
  )
}

/** Writes them below `top`; nothing that is there already is touched. */
export function writeSkeleton(top: string, words: Words): readonly string[] {
  const files = skeleton(words)
  const there = [...files.keys()].find((file) => fs.existsSync(path.join(top, file)))
  if (there) throw new Error(`${there} is there already`)
  for (const [file, text] of files) {
    fs.mkdirSync(path.dirname(path.join(top, file)), { recursive: true })
    fs.writeFileSync(path.join(top, file), text)
  }
  return [...files.keys()]
}
