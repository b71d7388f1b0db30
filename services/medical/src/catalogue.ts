// The shipped catalogue: one file a version, named by its place and first day, dated as the law is (MED-24). Read once, when the service starts.
import * as fs from 'node:fs'
import * as path from 'node:path'
import { isDay, parseRational, parseYuan } from '@jinbao/core'
import { ItemClass } from '@jinbao/proto/medical/v1/events.ts'
import { parse } from 'yaml'
import { Catalogue, type CatalogueEntry, type CatalogueVersion } from './domain/catalogue.ts'

interface WrittenItem {
  readonly zh: string
  readonly en: string
  readonly class: string
  readonly firstPay?: string
  readonly ceiling?: string
}
interface WrittenVersion {
  readonly source: string
  readonly mark: string
  readonly items: Readonly<Record<string, WrittenItem>>
}

const classes: Readonly<Record<string, ItemClass>> = {
  A: ItemClass.CLASS_A,
  B: ItemClass.CLASS_B,
  C: ItemClass.CLASS_C,
}

function entryOf(file: string, code: string, one: WrittenItem): CatalogueEntry {
  const wrong = (why: string): never => {
    throw new Error(`${file}: ${code}: ${why}`)
  }
  const kind = classes[one.class] ?? wrong(`class ${one.class} is none of A, B, C`)
  if ((kind === ItemClass.CLASS_B) !== (one.firstPay !== undefined)) wrong('a share paid first belongs to class B')
  const firstPay = one.firstPay ?? ''
  if (firstPay) parseRational(firstPay)
  const ceilingFen = one.ceiling === undefined ? 0n : (parseYuan(one.ceiling) ?? wrong(`ceiling ${one.ceiling}`))
  return { code, zh: one.zh, en: one.en, class: kind, firstPay, ceilingFen }
}

function versionOf(file: string, text: string): CatalogueVersion {
  const [, place = '', from = ''] = /^(\d{6})-(.+)\.yaml$/.exec(file) ?? []
  const { source, mark, items } = parse(text, { schema: 'failsafe' }) as WrittenVersion
  if (!isDay(from) || !place || !source || !mark || !items)
    throw new Error(`${file}: <place>-<first day>.yaml with source, mark and items`)
  const entries = Object.entries(items).map(([code, one]) => [code, entryOf(file, code, one)] as const)
  return { place, from, source, items: new Map(entries) }
}

export function readCatalogue(folder: string): Catalogue {
  const files = fs.readdirSync(folder).filter((name) => name.endsWith('.yaml'))
  return new Catalogue(files.map((name) => versionOf(name, fs.readFileSync(path.join(folder, name), 'utf8'))))
}

export const shippedCatalogue = path.join(import.meta.dirname, '../catalogue')
