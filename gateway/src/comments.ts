// Leading comments of the protos, by full name; they become the text of the OpenAPI document.
import type { DescEnum, DescFile, DescMessage, FileRegistry } from '@bufbuild/protobuf'

export type Comments = ReadonlyMap<string, string>

export function commentsOf(registry: FileRegistry): Comments {
  const found = new Map<string, string>()
  for (const file of registry.files) {
    const texts = new Map(
      file.proto.sourceCodeInfo?.location.map((at) => [at.path.join('.'), tidy(at.leadingComments)]) ?? [],
    )
    for (const [name, path] of places(file)) {
      const text = texts.get(path)
      if (text) found.set(name, text)
    }
  }
  return found
}

const tidy = (text: string) =>
  text
    .split('\n')
    .map((line) => line.replace(/^ /, '').trimEnd())
    .join('\n')
    .trim()

// Field numbers of descriptor.proto: file.message_type 4, enum_type 5, service 6; message.field 2, nested_type 3,
// enum_type 4; enum.value 2; service.method 2.
function* places(file: DescFile): Generator<readonly [name: string, path: string]> {
  for (const [s, service] of file.services.entries()) {
    yield [service.typeName, `6.${s}`]
    for (const [m, method] of service.methods.entries()) yield [`${service.typeName}.${method.name}`, `6.${s}.2.${m}`]
  }
  for (const [m, message] of file.messages.entries()) yield* placesOfMessage(message, `4.${m}`)
  for (const [e, one] of file.enums.entries()) yield* placesOfEnum(one, `5.${e}`)
}

function* placesOfMessage(message: DescMessage, path: string): Generator<readonly [string, string]> {
  yield [message.typeName, path]
  for (const field of message.fields)
    yield [`${message.typeName}.${field.name}`, `${path}.2.${message.proto.field.indexOf(field.proto)}`]
  for (const nested of message.nestedMessages)
    yield* placesOfMessage(nested, `${path}.3.${message.proto.nestedType.indexOf(nested.proto)}`)
  for (const [e, one] of message.nestedEnums.entries()) yield* placesOfEnum(one, `${path}.4.${e}`)
}

function* placesOfEnum(one: DescEnum, path: string): Generator<readonly [string, string]> {
  yield [one.typeName, path]
  for (const [v, value] of one.values.entries()) yield [`${one.typeName}.${value.name}`, `${path}.2.${v}`]
}
