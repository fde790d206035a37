import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { webcrypto } from 'node:crypto';
import type { ScriptGlobals } from './bundle.ts';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { scriptConsole } from './script-console.ts';
import { requireModule } from './modules/require.ts';
import { scriptTimers } from './modules/timers.ts';
import type { TestRun } from './test-run.ts';
import type { ScriptWorld, VirtualUser } from './virtual-user.ts';

/** The part of WebCrypto that k6 supports (k6-contract.md 6.6). */
const CRYPTO = Object.freeze({
  getRandomValues: webcrypto.getRandomValues.bind(webcrypto),
  randomUUID: webcrypto.randomUUID.bind(webcrypto),
  subtle: webcrypto.subtle,
});

/** What all VUs of a run share, created once. */
const shared = new WeakMap<TestRun, { readonly console: object; readonly language: object }>();

/** A script's environment in k6: globals and modules. */
export const SCRIPT_WORLD: ScriptWorld = { globals: scriptGlobals, requireModule };

/** The globals of one VU (k6-contract.md sections 1.2 and 7). */
function scriptGlobals(vu: VirtualUser): ScriptGlobals {
  const { run } = vu;
  let common = shared.get(run);
  if (common === undefined) {
    common = { console: scriptConsole(run.log), language: Object.freeze({ ...run.realm.globals }) };
    shared.set(run, common);
  }
  const world = Object.create(common.language) as Record<string, unknown>;
  return Object.assign(world, {
    globalThis: world,
    global: world,
    Math: Object.create(run.realm.Math) as Math,
    console: common.console,
    crypto: CRYPTO,
    open: (path: unknown, mode?: string) => openFile(vu, path, mode),
    __ENV: vu.env,
    __VU: vu.id,
    ...scriptTimers(vu),
  });
}

function openFile(vu: VirtualUser, path: unknown, mode: string | undefined): string | ArrayBuffer {
  const { realm, bundle, initialising } = vu.run;
  if (initialising !== vu) throw new realm.Error('open() works in the init context only; call it outside functions');
  if (typeof path !== 'string' || path === '') throw new realm.TypeError('open(path): path must be a non-empty string');
  if (mode !== undefined && mode !== 'b' && mode !== '') throw new realm.Error(`open(): mode is ${mode}; expected 'b'`);
  let data: Buffer;
  try {
    data = readFileSync(resolve(bundle.directory, path));
  } catch (error) {
    throw new ConfigurationError(`open('${path}'): ${(error as Error).message}`);
  }
  if (mode !== 'b') return data.toString('utf8');
  const copy = new realm.ArrayBuffer(data.length);
  new Uint8Array(copy).set(data);
  return copy;
}
