import type { Options } from 'k6/options';
import { identityOf } from '../contract/inventory.ts';
import type { Inventory } from '../contract/inventory.ts';
import { withProfile } from './own-profile.ts';
import { factsOf } from './population/human-duration.ts';
import type { RunPlan } from './run-plan.ts';
import { clientCertificate, withSecrets } from './secret-files.ts';
import { SETTINGS, readSettings } from './settings.ts';
import type { Settings } from './settings.ts';
import type { Target } from './target.ts';

/** The exports of a scenario without load. */
export interface Tool<Data> {
  readonly options: Options;
  readonly setup: () => Promise<Data>;
  readonly play: (data: Data) => Promise<void>;
  readonly handleSummary: () => Record<string, string>;
}

/**
 * The settings of a bundle without load. Settings of some scenarios only (rates, durations) are ignored, except `kept`,
 * so that an environment for load tests works here too. Init code only. Throws a ConfigurationError.
 */
export function settingsOfTool(env: Readonly<Record<string, string | undefined>>, kept: readonly string[]): Settings {
  const general = Object.entries(env).filter(
    ([name]) => kept.includes(name) || SETTINGS.get(name)?.scenarios === undefined,
  );
  return withProfile(withSecrets(readSettings(Object.fromEntries(general), 'load')));
}

/** Plans one flow, of the user with this number. `name`: of the k6 scenario. */
export function planOfOne(
  name: string,
  settings: Settings,
  target: Target,
  inventory: Inventory,
  user: number,
): RunPlan {
  return {
    ...{ settings, target, inventory: identityOf(inventory), facts: factsOf([inventory.users[user]!], settings) },
    ...{ offsets: { [name]: user }, turns: 1, limit: null, resets: false },
  };
}

/** k6 options for one flow of one virtual user. */
export function optionsOfOne(name: string, settings: Settings): Options {
  return {
    scenarios: { [name]: { executor: 'shared-iterations', vus: 1, iterations: 1, maxDuration: '15m' } },
    insecureSkipTLSVerify: settings.tlsSkipVerify,
    setupTimeout: '60s',
    userAgent: 'pairstorm',
    ...clientCertificate(settings),
  };
}
