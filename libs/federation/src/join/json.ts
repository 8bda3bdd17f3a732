export type JsonObject = Record<string, unknown>

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Clients choose the names of fields: `constructor` and `__proto__` are names like any other. */
export function isInheritedName(name: string): boolean {
  return name in Object.prototype
}

/** Reads what an object itself has by this name. The look for inheritance is only paid for by names that need it. */
export function readerOf(name: string): (object: JsonObject) => unknown {
  if (isInheritedName(name)) return (object) => (Object.hasOwn(object, name) ? object[name] : undefined)
  return (object) => object[name]
}

/** Sets what an object itself has by this name, and never what it inherits. */
export function setOwn(object: JsonObject, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(object, name, { value, configurable: true, enumerable: true, writable: true })
  } else {
    object[name] = value
  }
}
