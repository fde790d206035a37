import { ConfigurationError } from '../contract/configuration-error.ts';
import { DEFAULT_SYSTEM_TAGS, OPTIONAL_SYSTEM_TAGS } from './metrics/built-in.ts';
import { count, duration, flag, list, object, oneOf, positiveDuration, stringMap, text } from './option-fields.ts';
import type { ReadOption } from './option-fields.ts';
import { readScenario } from './scenario-options.ts';
import type { ScenarioPlan } from './scenario-options.ts';

/** Load options at the top level (k6-contract.md 2.2); they become one scenario named `default`. */
const SHORTCUTS = ['vus', 'duration', 'iterations', 'stages'] as const;

/** Options that apply to the whole run, with their defaults (k6-contract.md 2.3). Durations in milliseconds. */
const FIELDS = {
  setupTimeout: [positiveDuration, 60_000],
  teardownTimeout: [positiveDuration, 60_000],
  handleSummaryTimeout: [positiveDuration, 120_000],
  minIterationDuration: [duration, 0],
  thresholds: [object, {}],
  tags: [stringMap, {}],
  systemTags: [list(oneOf(...DEFAULT_SYSTEM_TAGS, ...OPTIONAL_SYSTEM_TAGS)), DEFAULT_SYSTEM_TAGS],
  summaryTrendStats: [list(trendStat), ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)']],
  summaryTimeUnit: [oneOf('', 's', 'ms', 'us'), ''],
  maxRedirects: [count(0), 10],
  userAgent: [text, 'Pairstorm/0.1 (k6-compatible)'],
  throw: [flag, false],
  discardResponseBodies: [flag, false],
  noCookiesReset: [flag, false],
  noConnectionReuse: [flag, false],
  noVUConnectionReuse: [flag, false],
  insecureSkipTLSVerify: [flag, false],
} as const satisfies Record<string, readonly [ReadOption<unknown>, unknown]>;

/** Options of k6 that mean nothing here, whatever their value. */
const WITHOUT_EFFECT = ['noUsageReport', 'cloud', 'ext', 'batch', 'batchPerHost'] as const;

/** Options of k6 that the engine lacks: a script that sets one is refused rather than run differently. */
const NOT_SUPPORTED = [
  'executionSegment',
  'executionSegmentSequence',
  'paused',
  'rps',
  'tlsAuth',
  'tlsCipherSuites',
  'tlsVersion',
  'tlsAIAFetch',
  'hosts',
  'dns',
  'blacklistIPs',
  'blockHostnames',
  'httpDebug',
  'linger',
  'localIPs',
] as const;

type OptionName = keyof typeof FIELDS;

/** Options of a run, validated. */
export type RunSettings = {
  readonly [K in OptionName]: ReturnType<(typeof FIELDS)[K][0]>;
} & {
  readonly scenarios: readonly ScenarioPlan[];
  /** What `exec.test.options` shows: as given, shortcuts turned into `scenarios.default`, unset ones null. */
  readonly consolidated: Readonly<Record<string, unknown>>;
};

/** Reads a script's `options`. Throws a ConfigurationError. */
export function readOptions(exported: unknown, warn: (line: string) => void): RunSettings {
  const given = object(exported ?? {}, 'options');
  const settings: Record<string, unknown> = {};
  for (const name of Object.keys(given)) checkName(name, given[name], warn);
  for (const [name, [read, fallback]] of Object.entries(FIELDS)) {
    const value = given[name] ?? null;
    settings[name] = value === null ? fallback : read(value, `options.${name}`);
  }
  const raw = rawScenarios(given);
  const scenarios = Object.entries(raw).map(([name, value]) => readScenario(name, value));
  if (scenarios.length === 0)
    throw new ConfigurationError('options.scenarios is empty; expected at least one scenario');
  const unset = Object.fromEntries([...Object.keys(FIELDS), ...SHORTCUTS].map((name) => [name, null]));
  const rest = Object.entries(given).filter(([name]) => !(SHORTCUTS as readonly string[]).includes(name));
  return {
    ...settings,
    scenarios,
    consolidated: { ...unset, ...Object.fromEntries(rest), scenarios: raw },
  } as unknown as RunSettings;
}

function checkName(name: string, value: unknown, warn: (line: string) => void): void {
  if (value === null || value === undefined) return;
  if (Object.hasOwn(FIELDS, name) || name === 'scenarios' || (SHORTCUTS as readonly string[]).includes(name)) return;
  if ((WITHOUT_EFFECT as readonly string[]).includes(name)) return;
  if ((NOT_SUPPORTED as readonly string[]).includes(name)) {
    throw new ConfigurationError(
      `options.${name} is not supported by this engine; remove it, or run the script with k6`,
    );
  }
  warn(`options.${name} is not an option of k6; it is ignored`);
}

/** The scenarios as the script wrote them, or the one that the shortcuts stand for. */
function rawScenarios(given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { scenarios, vus, duration: length, iterations, stages } = given;
  const set = (value: unknown): boolean => value !== undefined && value !== null;
  const units = Object.entries({ scenarios, stages, iterations, duration: length }).filter(([, value]) => set(value));
  const names = units.map(([name]) => name);
  if (names.length > 1 && !(names.length === 2 && set(iterations) && set(length))) {
    throw new ConfigurationError(
      `options has ${names.join(' and ')}; use one of them (only iterations and duration go together)`,
    );
  }
  const withVus = set(vus) ? { vus } : {};
  if (set(scenarios)) return object(scenarios, 'options.scenarios');
  if (set(stages)) {
    return { default: { executor: 'ramping-vus', stages, ...(set(vus) ? { startVUs: vus } : {}) } };
  }
  if (set(iterations)) {
    const limit = set(length) ? { maxDuration: length } : {};
    return { default: { executor: 'shared-iterations', iterations, ...withVus, ...limit } };
  }
  if (set(length)) return { default: { executor: 'constant-vus', duration: length, ...withVus } };
  return { default: { executor: 'shared-iterations', iterations: 1, ...withVus } };
}

function trendStat(value: unknown, place: string): string {
  const stat = text(value, place);
  const percentile = /^p\((\d+(?:\.\d+)?)\)$/.exec(stat)?.[1];
  if (['avg', 'min', 'med', 'max', 'count'].includes(stat) || (percentile !== undefined && Number(percentile) <= 100))
    return stat;
  throw new ConfigurationError(
    `${place} is ${JSON.stringify(stat)}; expected avg, min, med, max, count or p(N), 0 ≤ N ≤ 100`,
  );
}
