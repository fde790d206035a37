import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';
import type * as Engine from '../../engine/index.ts';
import type { RunOptions } from '../../engine/run-options.ts';
import { ON_ANY_MACHINE, ofTheMachine, writeScript } from './script-fixture.ts';
import type { ScriptRun } from './script-fixture.ts';

/** The compiled engine: worker threads run no TypeScript on Node 20. */
const COMPILED = pathToFileURL(resolve('build/engine/index.js')).href;

/** Runs a script from a real file in worker threads. */
export async function runInWorkers(source: string, options: Partial<RunOptions>): Promise<ScriptRun> {
  const { run } = (await import(COMPILED)) as typeof Engine;
  const said: string[] = [];
  const warnings: string[] = [];
  const result = await run({
    bundlePath: writeScript(source),
    env: {},
    onConsole: (_level, line) => said.push(line),
    ...ON_ANY_MACHINE,
    onWarning: (line) => {
      if (!ofTheMachine(line) || options.allowInvalid !== undefined) warnings.push(line);
    },
    workers: 2,
    ...options,
  });
  return { ...result, said, warnings };
}

/** A signal by which the compiled engine is stopped. */
export async function compiledStopSignal(): Promise<Engine.StopSignal> {
  const { StopSignal } = (await import(COMPILED)) as typeof Engine;
  return new StopSignal();
}
