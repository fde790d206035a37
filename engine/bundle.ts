import { dirname } from 'node:path';
import vm from 'node:vm';
import type { Realm } from './realm.ts';
import type { ScriptSource } from './script-source.ts';
import type { ScriptPlace } from './thrown.ts';

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
export interface Bundle extends ScriptPlace {
  readonly directory: string;
  readonly instantiate: (globals: ScriptGlobals) => ScriptInstance;
}

/** Globals that each VU gets as its own; the order is that of the wrapper's parameters. */
const VU_GLOBALS = [
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

/** Compiles a script, once for all VUs. Throws the script's own SyntaxError, which names file and line. */
export function compileBundle({ path, code, map }: ScriptSource, realm: Realm): Bundle {
  const shared = Object.entries(realm.globals);
  const names = [...shared.map(([name]) => name), ...VU_GLOBALS];
  // Two functions: a script may declare names of the outer one (`const crypto = …`) again in the inner one.
  const head =
    `(function (${names.join(', ')}) { 'use strict'; let __ITER; return { setIteration(n) { __ITER = n; }, ` +
    `init: function (module, exports, require) { 'use strict'; `;
  const factory = compile(`${head}${code}\n} }; })`, path, head.length, realm);
  const values = shared.map(([, value]) => value);
  return {
    path,
    map,
    directory: dirname(path),
    instantiate: (globals) => factory(...values, ...VU_GLOBALS.map((name) => globals[name])),
  };
}

function compile(code: string, path: string, columnOffset: number, realm: Realm): Factory {
  return new vm.Script(code, { filename: path, columnOffset: -columnOffset }).runInContext(realm.context) as Factory;
}
