import vm from 'node:vm';
import { HIDDEN_GLOBALS, HIDDEN_MEMBERS } from './hidden-globals.ts';
import type { ScriptRealm } from './http/ports.ts';

/**
 * The JavaScript context of all scripts in a run, with intrinsics of its own, frozen, and without what k6 lacks. It
 * keeps VUs from accidentally disturbing each other; it is not a sandbox against hostile code.
 */
export interface Realm extends ScriptRealm {
  readonly context: vm.Context;
  /** Global names and values, passed to scripts as parameters, since a context's own globals are slow to read. */
  readonly globals: Readonly<Record<string, unknown>>;
  readonly Array: ArrayConstructor;
  readonly Math: Math;
}

/** Names that are not bindings (`undefined`), or of which each VU has its own. */
const NOT_SHARED = new Set(['globalThis', 'undefined', 'NaN', 'Infinity', 'Math', 'eval']);

/** Intrinsics reachable only by syntax. */
const SYNTAX_ROOTS = `[
  function* () {}, async function () {}, async function* () {},
  [][Symbol.iterator](), ''[Symbol.iterator](), new Map()[Symbol.iterator](), new Set()[Symbol.iterator](),
  ''.matchAll(/x/g), (function* () {})(), (async function* () {})(),
]`;

/** Makes the realm of one run. */
export function createRealm(): Realm {
  const context = vm.createContext(Object.create(null) as vm.Context, { name: 'scripts' });
  const world = vm.runInContext('globalThis', context) as Record<string, unknown>;
  for (const name of HIDDEN_GLOBALS) Reflect.deleteProperty(world, name);
  for (const path of HIDDEN_MEMBERS) hide(world, path.split('.'));
  const names = (vm.runInContext('Object.getOwnPropertyNames(globalThis)', context) as string[]).filter(
    (name) => !NOT_SHARED.has(name),
  );
  const globals: Record<string, unknown> = {};
  for (const name of names) globals[name] = world[name];
  const intrinsics = [...Object.values(globals), world['Math']];
  letErrorsAndObjectsOverride(world);
  freezeAll([...intrinsics, ...(vm.runInContext(SYNTAX_ROOTS, context) as unknown[])]);
  return {
    context,
    globals,
    Promise: world['Promise'] as PromiseConstructor,
    Error: world['Error'] as ErrorConstructor,
    TypeError: world['TypeError'] as TypeErrorConstructor,
    ArrayBuffer: world['ArrayBuffer'] as ArrayBufferConstructor,
    Array: world['Array'] as ArrayConstructor,
    JSON: world['JSON'] as JSON,
    Math: world['Math'] as Math,
  };
}

function hide(world: Record<string, unknown>, path: readonly string[]): void {
  let owner: unknown = world;
  for (const name of path.slice(0, -1)) owner = (owner as Record<string, unknown> | undefined)?.[name];
  if (owner !== undefined) Reflect.deleteProperty(owner as object, path.at(-1)!);
}

/**
 * Freezing a prototype property also forbids assigning it on inheriting objects, so `error.name = 'X'` or
 * `counts.toString = …` would throw. Where scripts do that, the property becomes an accessor whose setter defines an
 * own property.
 */
function letErrorsAndObjectsOverride(world: Record<string, unknown>): void {
  const prototypeOf = (name: string): object => (world[name] as { readonly prototype: object }).prototype;
  const errors = Object.keys(Object.getOwnPropertyDescriptors(world)).filter((name) => /^([A-Z]\w*)?Error$/.test(name));
  for (const owner of [...errors, 'Object'].map(prototypeOf)) {
    for (const name of Object.getOwnPropertyNames(owner)) allowOverride(owner, name);
  }
  const functionPrototype = prototypeOf('Function');
  for (const name of ['constructor', 'toString']) allowOverride(functionPrototype, name);
}

function allowOverride(owner: object, name: string): void {
  const descriptor = Object.getOwnPropertyDescriptor(owner, name);
  if (descriptor === undefined || !('value' in descriptor)) return;
  const value: unknown = descriptor.value;
  Object.defineProperty(owner, name, {
    configurable: false,
    enumerable: false,
    get: () => value,
    set(this: unknown, own: unknown) {
      if (this === owner)
        throw new TypeError(`Cannot assign to ${name} of a built-in prototype: it is shared by all VUs`);
      Object.defineProperty(this, name, { value: own, writable: true, enumerable: true, configurable: true });
    },
  });
}

function freezeAll(roots: readonly unknown[]): void {
  const seen = new Set<object>();
  const pending = [...roots];
  while (pending.length > 0) {
    const value = pending.pop();
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) continue;
    // The accessors defined above belong to the main realm, whose intrinsics must not be frozen.
    if (value === Object.prototype || value === Function.prototype) continue;
    seen.add(value);
    pending.push(Object.getPrototypeOf(value));
    for (const key of Reflect.ownKeys(value)) {
      const property = Object.getOwnPropertyDescriptor(value, key) as { value?: unknown; get?: unknown; set?: unknown };
      pending.push(property.value, property.get, property.set);
    }
  }
  for (const value of seen) Object.freeze(value);
}
