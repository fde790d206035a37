import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { environmentOfCommands } from './child-environment.ts';
import type { Watching } from './fault-watcher.ts';
import type { Script } from './script.ts';

/** Flags of `run` for a fault made by the user's commands. */
export interface FaultFlags {
  readonly onFaultStart?: string;
  readonly onFaultEnd?: string;
}

interface Hooks {
  readonly FAULT_START_URL: string;
  readonly FAULT_END_URL: string;
}

export interface FaultCommands {
  /** Settings that point the script to the process. */
  readonly hooks: Hooks;
  /** Disconnects: the process ends the fault if it is still active, then exits. Resolves after that. */
  readonly release: () => Promise<void>;
}

/** Throws a ConfigurationError for flags that do not apply. */
export function checkFaultFlags(script: Script, flags: FaultFlags, env: Readonly<Record<string, string>>): void {
  const { onFaultStart: start, onFaultEnd: end } = flags;
  if (start === undefined && end === undefined) return;
  if (!script.builtIn || script.name !== 'resilience') {
    throw new ConfigurationError(
      `--on-fault-${start === undefined ? 'end' : 'start'} cannot be combined with ${script.name}; it applies to resilience`,
    );
  }
  if (start === undefined || end === undefined || start.trim() === '' || end.trim() === '') {
    throw new ConfigurationError(
      '--on-fault-start and --on-fault-end must be given together: a fault that is started must be ended',
    );
  }
  const given = ['FAULT_START_URL', 'FAULT_END_URL'].find((name) => (env[name] ?? '') !== '');
  if (given !== undefined) {
    throw new ConfigurationError(`--on-fault-start cannot be combined with ${given}; leave one of them out`);
  }
}

/** Placeholder hooks for checking the settings before the process is started. */
export function hooksToCome({ onFaultStart }: FaultFlags): Hooks | undefined {
  const url = 'http://127.0.0.1:1';
  return onFaultStart === undefined ? undefined : { FAULT_START_URL: url, FAULT_END_URL: url };
}

/** Resolves to undefined without commands. */
export async function startFaultCommands({ onFaultStart, onFaultEnd }: FaultFlags): Promise<FaultCommands | undefined> {
  if (onFaultStart === undefined || onFaultEnd === undefined) return undefined;
  const entry = fileURLToPath(new URL('./fault-watcher.js', import.meta.url));
  const child = fork(entry, [onFaultStart, onFaultEnd], {
    // Its own process group, so that signals to the run's group do not reach it.
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [],
    env: environmentOfCommands(process.env),
  });
  const watching = await new Promise<Watching>((resolve, reject) => {
    child.once('error', reject);
    child.once('message', (message) => resolve(message as Watching));
    child.once('exit', (code) => reject(new Error(`the fault command process exited with code ${code}`)));
  });
  return {
    hooks: { FAULT_START_URL: watching.startUrl, FAULT_END_URL: watching.endUrl },
    release: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}
