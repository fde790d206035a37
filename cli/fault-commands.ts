import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { environmentOfCommands } from './child-environment.ts';
import type { Watching } from './fault-watcher.ts';
import type { Script } from './script.ts';

/** Flags of `run` for a fault that the user's commands make. */
export interface FaultFlags {
  readonly onFaultStart?: string;
  readonly onFaultEnd?: string;
}

/** The settings that name hooks. */
interface Hooks {
  readonly FAULT_START_URL: string;
  readonly FAULT_END_URL: string;
}

/** The process that runs the user's commands. */
export interface FaultCommands {
  /** Settings by which the script finds the process. */
  readonly hooks: Hooks;
  /** Lets it go: it ends the fault if that is still on, then itself. Resolves when it has. */
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

/** What stands for the hooks while the settings are checked, before the process that has them is started. */
export function hooksToCome({ onFaultStart }: FaultFlags): Hooks | undefined {
  const url = 'http://127.0.0.1:1';
  return onFaultStart === undefined ? undefined : { FAULT_START_URL: url, FAULT_END_URL: url };
}

/** Starts the process that runs the commands, if there are any. */
export async function startFaultCommands({ onFaultStart, onFaultEnd }: FaultFlags): Promise<FaultCommands | undefined> {
  if (onFaultStart === undefined || onFaultEnd === undefined) return undefined;
  const entry = fileURLToPath(new URL('./fault-watcher.js', import.meta.url));
  const child = fork(entry, [onFaultStart, onFaultEnd], {
    // A process group of its own: what ends the run's group does not end it.
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
