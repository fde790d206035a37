import { isScenario } from '../contract/setting.ts';
import { maskUrl } from '../contract/shown-text.ts';
import { SETTINGS, readSettings } from '../lib/settings.ts';
import type { Settings } from '../lib/settings.ts';
import { loadInWords } from './load-in-words.ts';
import { withRequestToCome } from './request-to-come.ts';
import { givenIn } from './script-environment.ts';
import type { Script } from './script.ts';
import { settingInWords } from './setting-in-words.ts';

interface BannerFacts {
  readonly script: Script;
  /** Undefined for a user's script. */
  readonly settings: Settings | undefined;
  readonly target: string | undefined;
  /** Proxy used for the target, without credentials. */
  readonly proxy: string | undefined;
  readonly simulated: boolean;
  /** Options from outside the script replace its load (engine/consolidate.ts). */
  readonly loadReplaced: boolean;
  readonly env: Readonly<Record<string, string>>;
  readonly inventory:
    { readonly file: string; readonly users: number; readonly seed: number; readonly made: boolean } | undefined;
}

/** Validates the settings of a built-in scenario. Throws a ConfigurationError. */
export function settingsOfScenario(script: Script, env: Readonly<Record<string, string>>): Settings | undefined {
  return script.builtIn && isScenario(script.name) ? readSettings(withRequestToCome(env), script.name) : undefined;
}

/**
 * The banner lines: target, scenario, inventory and length; for a real target also the device side and a notice. Of a
 * script that is not ours, only what is known from outside.
 */
export function banner(facts: BannerFacts): string[] {
  const { script, settings, target, proxy, simulated, loadReplaced, env, inventory } = facts;
  const chosen = [...SETTINGS.keys()].filter(
    (name) => script.builtIn && givenIn(env, name) !== undefined && !hidden(name),
  );
  return [
    ...(target === undefined ? [] : [`target     ${maskUrl(target)}${simulated ? ' (simulator of this run)' : ''}`]),
    ...(proxy === undefined ? [] : [`proxy      ${proxy}`]),
    ...realLines(settings, simulated),
    `${script.builtIn ? 'scenario  ' : 'script    '} ${[script.name, ...chosen.map((name) => `${name}=${settingInWords(name, env[name] ?? '')}`)].join(' ')}`,
    ...(inventory === undefined
      ? []
      : [
          `inventory  ${inventory.users} ${inventory.users === 1 ? 'user' : 'users'}, seed ${inventory.seed}, ${inventory.made ? 'made for this run' : inventory.file}`,
        ]),
    // Not an error: a pipeline may set it for all its jobs.
    ...(settings?.scenario === 'smoke' && chosen.includes('MAX_UNEXPECTED')
      ? ['note       MAX_UNEXPECTED has no effect in smoke, which allows no user out of step']
      : []),
    // The line "load" says it for every script.
    ...(loadReplaced || settings === undefined ? [] : [`length     ${loadInWords(settings)}`]),
  ];
}

/** Lines that apply to real deployments only. */
function realLines(settings: Settings | undefined, simulated: boolean): string[] {
  if (settings === undefined || settings.driver === 'simulated') return [];
  const { driver, bridgeUrl, payloads, payloadsUse, allowHosts } = settings;
  const where = {
    bridge: `bridge at ${maskUrl(bridgeUrl)}`,
    file: `payloads of ${payloads}, ${payloadsUse}`,
    none: 'none',
    'test-device': 'test devices of PingOne: codes are in the answers',
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

/** Secrets, and settings that have their own banner line. */
function hidden(name: string): boolean {
  return SETTINGS.get(name)?.parse.type === 'secret' || OWN_LINES.includes(name);
}
