import { isScenario } from '../contract/setting.ts';
import { maskUrl } from '../contract/shown-text.ts';
import { SETTINGS, readSettings } from '../lib/settings.ts';
import type { Settings } from '../lib/settings.ts';
import { loadInWords } from './load-in-words.ts';
import { givenIn } from './script-environment.ts';
import type { Script } from './script.ts';
import { settingInWords } from './setting-in-words.ts';

/** What a run says of itself before its first request. */
interface BannerFacts {
  readonly script: Script;
  /** Checked settings of one of our scenarios; undefined for a script that is not ours. */
  readonly settings: Settings | undefined;
  readonly target: string | undefined;
  /** The proxy through which it is reached, without credentials. */
  readonly proxy: string | undefined;
  /** The target is the simulator that `run` started. */
  readonly simulated: boolean;
  /** Options beside the script say what load is made (engine/consolidate.ts). */
  readonly loadReplaced: boolean;
  readonly env: Readonly<Record<string, string>>;
  readonly inventory:
    { readonly file: string; readonly users: number; readonly seed: number; readonly made: boolean } | undefined;
}

/** Settings of one of our scenarios, checked before anything starts. Throws a ConfigurationError. */
export function settingsOfScenario(script: Script, env: Readonly<Record<string, string>>): Settings | undefined {
  return script.builtIn && isScenario(script.name) ? readSettings(env, script.name) : undefined;
}

/** Target, scenario, inventory, length; where it is not a simulator also the device side, and what to do before. */
export function banner(facts: BannerFacts): string[] {
  const { script, settings, target, proxy, simulated, loadReplaced, env, inventory } = facts;
  const chosen = [...SETTINGS.keys()].filter(
    (name) => script.builtIn && givenIn(env, name) !== undefined && !hidden(name),
  );
  return [
    `target     ${target === undefined ? 'set by the script' : maskUrl(target)}${simulated ? ' (simulator of this run)' : ''}`,
    ...(proxy === undefined ? [] : [`proxy      ${proxy}`]),
    ...realLines(settings, simulated),
    `scenario   ${[script.name, ...chosen.map((name) => `${name}=${settingInWords(name, env[name] ?? '')}`)].join(' ')}`,
    `inventory  ${
      inventory === undefined
        ? 'set by the script'
        : `${inventory.users} users, seed ${inventory.seed}, ${inventory.made ? 'made for this run' : inventory.file}`
    }`,
    // Not refused: a pipeline may give it to all its jobs.
    ...(settings?.scenario === 'smoke' && chosen.includes('MAX_UNEXPECTED')
      ? ['note       MAX_UNEXPECTED has no effect in smoke, which allows no user out of step']
      : []),
    `length     ${loadReplaced ? 'set by options' : settings === undefined ? 'set by the script' : loadInWords(settings)}`,
  ];
}

/** What only a real deployment needs to be told. */
function realLines(settings: Settings | undefined, simulated: boolean): string[] {
  if (settings === undefined || settings.driver === 'simulated') return [];
  const { driver, bridgeUrl, payloads, payloadsUse, allowHosts } = settings;
  const where = {
    bridge: `bridge at ${maskUrl(bridgeUrl)}`,
    file: `payloads of ${payloads}, ${payloadsUse}`,
    none: 'none',
  };
  return [
    `devices    ${where[driver]}`,
    ...(allowHosts.length === 0 ? [] : [`allowed    ${allowHosts.join(', ')}`]),
    ...(simulated
      ? []
      : [
          'notice     load that reaches PingOne must be announced to Ping by a support case first (docs/real-pingfederate.md)',
        ]),
  ];
}

const OWN_LINES: readonly string[] = [
  'PF_BASE_URL',
  'INVENTORY',
  'BRIDGE_URL',
  'PAYLOADS',
  'PAYLOADS_USE',
  'ALLOW_HOSTS',
];

/** Not shown: secrets, and what has a line of its own. */
function hidden(name: string): boolean {
  return SETTINGS.get(name)?.parse.type === 'secret' || OWN_LINES.includes(name);
}
