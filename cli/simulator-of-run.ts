import { writtenDefault } from '../lib/settings.ts';
import { givenIn } from './script-environment.ts';
import { startSimulatorProcess } from './simulator-process.ts';
import type { SimulatorProcess } from './simulator-process.ts';

/**
 * Starts a simulator that knows the users of a script's inventory and its TIME_SCALE, and leads the script's settings to it:
 * `env` is changed. `simulatorArguments` are further ones; `warn` is told if it ends by itself. Throws a ConfigurationError.
 */
export async function startSimulatorOfRun(
  env: Record<string, string>,
  inventory: string,
  simulatorArguments: readonly string[],
  warn: (reason: string) => void,
): Promise<SimulatorProcess> {
  const scale = Number(givenIn(env, 'TIME_SCALE') ?? writtenDefault('TIME_SCALE'));
  const start = [`--inventory=${inventory}`, `--time-scale=${scale}`, ...simulatorArguments];
  const simulator = await startSimulatorProcess(start, warn);
  env['PF_BASE_URL'] = simulator.url;
  if (simulator.url.startsWith('https:')) env['TLS_SKIP_VERIFY'] = givenIn(env, 'TLS_SKIP_VERIFY') ?? 'true';
  return simulator;
}
