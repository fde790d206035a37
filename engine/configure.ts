import { ConfigurationError } from '../contract/configuration-error.ts';
import type { OptionLayer } from './consolidate.ts';
import { readOptions } from './options.ts';
import type { RunSettings } from './options.ts';
import type { TestRun } from './test-run.ts';
import { VirtualUser } from './virtual-user.ts';
import { SCRIPT_WORLD } from './script-world.ts';

/** Evaluates a script once to read its options and check the functions they name. Throws what its init code throws. */
export function configure(test: TestRun, warn: (line: string) => void, layers?: readonly OptionLayer[]): RunSettings {
  const probe = new VirtualUser(0, test, SCRIPT_WORLD);
  const settings = readOptions(probe.exports['options'], warn, layers);
  for (const { name, exec } of settings.scenarios) {
    if (typeof probe.exports[exec] !== 'function') {
      throw new ConfigurationError(
        `scenario ${name}: the script exports no function "${exec}"; export it, or set exec`,
      );
    }
  }
  for (const option of ['noConnectionReuse', 'noVUConnectionReuse'] as const) {
    if (test.sharedConnections !== undefined && settings[option]) {
      throw new ConfigurationError(
        `shared connections and options.${option} cannot be combined; leave out --shared-connections or the option`,
      );
    }
  }
  test.configure(settings);
  return settings;
}
