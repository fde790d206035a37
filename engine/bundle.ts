import { dirname } from 'node:path';
import vm from 'node:vm';
import type { Realm } from './realm.ts';
import type { ScriptSource } from './script-source.ts';
import type { ScriptPlace } from './thrown.ts';

/** Globals of a script, in addition to the language's. */
export type ScriptGlobals = Readonly<Record<string, unknown>>;

/** A script in one VU. */
export interface ScriptInstance {
  /** Runs the init code; fills `module.exports`. */
  readonly init: (module: object, exports: object, require: (name: string) => unknown) => void;
  /** Sets `__ITER`, which changes with each iteration. */
  readonly setIteration: (n: number | undefined) => void;
}

type Factory = (...values: readonly unknown[]) => ScriptInstance;
type Outermost = (...values: readonly unknown[]) => Factory;

/** A compiled script; VUs share its code, but each has its own module scope. */
export interface Bundle extends ScriptPlace {
  readonly directory: string;
  readonly instantiate: (globals: ScriptGlobals) => ScriptInstance;
}

/** Globals of which each VU has its own; the wrapper's parameters have the same order. */
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

/** Compiles a script once for all VUs. Throws the script's SyntaxError, which names file and line. */
export function compileBundle({ path, code, map }: ScriptSource, realm: Realm): Bundle {
  const shared = Object.entries(realm.globals);
  // Three functions. The outermost holds what all VUs share: one scope, which stays in the processor's caches. The
  // innermost lets the script redeclare parameters of the others (`const crypto = …`).
  const head =
    `(function (${shared.map(([name]) => name).join(', ')}) { 'use strict'; return function (${VU_GLOBALS.join(', ')}) { ` +
    `let __ITER; return { setIteration(n) { __ITER = n; }, ` +
    `init: function (module, exports, require) { 'use strict'; `;
  const outermost = compile(`${head}${code}\n} }; }; })`, path, head.length, realm);
  const factory = outermost(...shared.map(([, value]) => value));
  return {
    path,
    map,
    directory: dirname(path),
    instantiate: (globals) => factory(...VU_GLOBALS.map((name) => globals[name])),
  };
}

function compile(code: string, path: string, columnOffset: number, realm: Realm): Outermost {
  return new vm.Script(code, { filename: path, columnOffset: -columnOffset }).runInContext(realm.context) as Outermost;
}
