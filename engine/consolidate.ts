import { ConfigurationError } from '../contract/configuration-error.ts';
import { didYouMean } from '../contract/nearest.ts';
import { LOAD_OPTIONS, NOT_SUPPORTED, WITHOUT_EFFECT, rowOf, rows } from './option-table.ts';

/** Sources of options in ascending precedence (k6-contract.md 2.1). */
const OPTION_SOURCES = ['config', 'script', 'environment', 'flags'] as const;

/** The options of one source, by k6's names; null and undefined mean not set. */
export interface OptionLayer {
  readonly source: (typeof OPTION_SOURCES)[number];
  readonly values: Readonly<Record<string, unknown>>;
}

/** The combined options, as a script would write them, and warnings. */
interface Consolidated {
  readonly options: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
}

/**
 * Merges options by precedence. A value replaces the one below as a whole; `duration`, `iterations`, `stages` and
 * `scenarios` form a unit: the highest layer that sets any of them discards those of all lower layers (k6-contract.md
 * 2.2). Throws a ConfigurationError for an option that is unknown, invalid, not allowed in its source, or in conflict.
 */
export function consolidate(layers: readonly OptionLayer[]): Consolidated {
  const options: Record<string, unknown> = {};
  const warnings: string[] = [];
  const ordered = [...layers].sort((a, b) => OPTION_SOURCES.indexOf(a.source) - OPTION_SOURCES.indexOf(b.source));
  for (const layer of ordered) {
    const given = Object.entries(layer.values).filter(([, value]) => value !== undefined && value !== null);
    for (const [name, value] of given) checkOption(layer, name, value);
    if (layer.source === 'script' && isSet(options['thresholds']) && isSet(layer.values['thresholds']))
      warnings.push(`${placeOf('config', 'thresholds')} have no effect: the script has its own`);
    const load = given.map(([name]) => name).filter(isLoadOption);
    checkLoad(layer, load, options);
    const below = options['scenarios'];
    // Since v2.1 (k6-contract.md 2.2): VUs alone, from outside, replace scenarios too, by as many iterations.
    const alone = load.length === 0 && isSet(layer.values['vus']) && isSet(below);
    if (load.length > 0 || alone) {
      if (isSet(below)) {
        const names = Object.keys(below as object).join(', ');
        const by = (alone ? ['vus'] : load).map((name) => placeOf(layer.source, name)).join(' and ');
        const many = alone ? ` (${String(layer.values['vus'])} VUs, as many iterations in total)` : '';
        warnings.push(
          `${by} replaced the scenarios below (${names}): one named default runs instead${many}, without their exec, env and tags`,
        );
      }
      for (const name of LOAD_OPTIONS) Reflect.deleteProperty(options, name);
    }
    if (alone) options['iterations'] = layer.values['vus'];
    for (const [name, value] of given) options[name] = value;
  }
  return { options, warnings };
}

/** The name of an option in its source: `--vus`, `K6_VUS`, `options.vus`. */
export function placeOf(source: OptionLayer['source'], name: string): string {
  const row = rowOf(name);
  if (source === 'flags') return /--[a-z-]+/.exec(row?.flag ?? '')?.[0] ?? name;
  if (source === 'environment') return row?.environment ?? name;
  return source === 'config' ? `${name} in the configuration file` : `options.${name}`;
}

/** Whether flags or environment replace the script's load. */
export function setsLoad(layers: readonly OptionLayer[]): boolean {
  return layers.some(
    ({ source, values }) =>
      (source === 'environment' || source === 'flags') && LOAD_OPTIONS.some((name) => isSet(values[name])),
  );
}

function isLoadOption(name: string): boolean {
  return (LOAD_OPTIONS as readonly string[]).includes(name);
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function checkOption({ source }: OptionLayer, name: string, value: unknown): void {
  const place = placeOf(source, name);
  if (Object.hasOwn(NOT_SUPPORTED, name)) {
    throw new ConfigurationError(`${place} is not supported by this engine; remove it, or run the script with k6`);
  }
  if (name === 'scenarios' || (WITHOUT_EFFECT as readonly string[]).includes(name)) return;
  const row = rowOf(name);
  const file = source === 'script' || source === 'config';
  if (row === undefined || (file && row.outside === true && row.environment === undefined)) {
    const known = ['scenarios', ...rows().flatMap(([option, { outside }]) => (outside === true ? [] : [option]))];
    throw new ConfigurationError(
      `${place} is not an option${didYouMean(name, known)}; options: ${known.sort().join(', ')}`,
    );
  }
  if (file && row.outside === true) {
    const flag = placeOf('flags', name);
    throw new ConfigurationError(`${place} cannot be set there; write ${flag} on the command line`);
  }
  row.read(value, place);
}

/** Rejects conflicts within a layer and with the layers below. */
function checkLoad(
  { source, values }: OptionLayer,
  load: readonly string[],
  below: Readonly<Record<string, unknown>>,
): void {
  const place = (name: string): string => placeOf(source, name);
  const together = load.length === 2 && load.includes('iterations') && load.includes('duration');
  if (load.length > 1 && !together) {
    throw new ConfigurationError(
      `${load.map(place).join(' and ')} cannot be combined; use one of them (only iterations and duration go together)`,
    );
  }
  const scenarios = load.length === 0 ? below['scenarios'] : values['scenarios'];
  if (isSet(values['vus']) && isSet(scenarios) && source !== 'flags' && source !== 'environment') {
    throw new ConfigurationError(
      `${place('vus')} has no effect on scenarios, which set their own number of VUs; remove it, or set it in a scenario`,
    );
  }
  const replacing = [...load, ...(isSet(values['vus']) ? ['vus'] : [])];
  for (const chooser of ['selectedScenarios', 'once']) {
    if (isSet(values[chooser]) && replacing.length > 0) {
      throw new ConfigurationError(
        `${place(chooser)} cannot be combined with ${replacing.map(place).join(' and ')}, which replaces the scenarios`,
      );
    }
  }
}
