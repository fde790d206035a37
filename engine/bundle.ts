import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import vm from 'node:vm';
import { ConfigurationError } from '../contract/configuration-error.ts';
import type { Realm } from './realm.ts';

/** What a script sees as globals of its own, beside the language's. */
export type ScriptGlobals = Readonly<Record<string, unknown>>;

/** A script as one VU runs it. */
export interface ScriptInstance {
  /** Runs the init code; fills `module.exports`. */
  readonly init: (module: object, exports: object, require: (name: string) => unknown) => void;
  /** Sets `__ITER`, which changes with each iteration. */
  readonly setIteration: (n: number | undefined) => void;
}

type Factory = (...values: readonly unknown[]) => ScriptInstance;

/** A compiled script bundle; its code is shared by all VUs, its module scope is each VU's own. */
export interface Bundle {
  readonly path: string;
  readonly directory: string;
  readonly instantiate: (globals: ScriptGlobals) => ScriptInstance;
}

/** Globals that each VU gets as its own; the order is that of the wrapper's parameters. */
export const VU_GLOBALS = [
  'globalThis',
  'global',
  'Math',
  'console',
  'crypto',
  'open',
  '__ENV',
  '__VU',
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
] as const;

/**
 * Reads and compiles a bundle, once for all VUs. Throws a ConfigurationError if the file is missing or is an ES module,
 * and the script's own SyntaxError, which names file and line.
 */
export function loadBundle(bundlePath: string, realm: Realm): Bundle {
  const path = resolve(bundlePath);
  if (!existsSync(path)) throw new ConfigurationError(`script ${bundlePath} does not exist`);
  const source = readFileSync(path, 'utf8');
  const shared = Object.entries(realm.globals);
  const names = [...shared.map(([name]) => name), ...VU_GLOBALS];
  // Two functions: a script may declare names of the outer one (`const crypto = …`) again in the inner one.
  const head =
    `(function (${names.join(', ')}) { 'use strict'; let __ITER; return { setIteration(n) { __ITER = n; }, ` +
    `init: function (module, exports, require) { 'use strict'; `;
  const factory = compile(`${head}${source}\n} }; })`, path, head.length, realm);
  const values = shared.map(([, value]) => value);
  return {
    path,
    directory: dirname(path),
    instantiate: (globals) => factory(...values, ...VU_GLOBALS.map((name) => globals[name])),
  };
}

function compile(code: string, path: string, columnOffset: number, realm: Realm): Factory {
  try {
    return new vm.Script(code, { filename: path, columnOffset: -columnOffset }).runInContext(realm.context) as Factory;
  } catch (error) {
    if (error instanceof SyntaxError && /import statement|Unexpected token 'export'|import\.meta/.test(error.message)) {
      throw new ConfigurationError(
        `${path} is an ES module; the engine runs CommonJS bundles: build it first (npm run build:bundles), run dist/<name>.js`,
      );
    }
    throw error;
  }
}
