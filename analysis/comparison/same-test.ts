import { sentenceOf } from '../../catalogue/finding-words.ts';
import { REDACTED } from '../../record/run-file.ts';
import type { RunFile } from '../../record/run-file.ts';
import type { EstimatedRun } from './run-estimates.ts';

/** A difference between runs, or a property of one, that affects the meaning of the comparison. */
export interface TestDifference {
  /** `blocks`: the runs are different tests, or one of them is not evidence. */
  readonly weight: 'blocks' | 'warns';
  readonly text: string;
}

/** A property that runs of the same test share. */
interface Trait {
  readonly what: string;
  readonly weight: TestDifference['weight'];
  readonly of: (run: EstimatedRun) => string;
}

const list = (texts: readonly string[]): string => (texts.length === 0 ? 'none' : texts.join(', '));
const isArrivalRate = ({ arrivals }: RunFile['scenarios'][number]): boolean => arrivals !== null;
const seconds = (ms: number | null): string => (ms === null ? 'not limited by time' : `${ms / 1_000} s`);

/** What must be the same, and what should be. Thresholds are not listed: they judge a run without changing it. */
export const TRAITS: readonly Trait[] = [
  { what: 'script', weight: 'blocks', of: ({ run }) => run.script.split(/[/\\]/).at(-1)! },
  { what: 'host', weight: 'blocks', of: ({ run }) => run.host },
  { what: 'target is the simulator of the run', weight: 'blocks', of: ({ run }) => (run.simulated ? 'yes' : 'no') },
  {
    what: 'scenarios',
    weight: 'blocks',
    of: ({ run }) => list(run.scenarios.map(({ name, executor }) => `${name} (${executor})`)),
  },
  {
    what: 'planned rate',
    weight: 'blocks',
    of: ({ part }) => (part.perSecond === null ? 'none' : `${Number(part.perSecond.toPrecision(6))}/s`),
  },
  {
    what: 'VUs',
    weight: 'blocks',
    of: ({ run }) =>
      list(run.scenarios.filter((scenario) => !isArrivalRate(scenario)).map(({ maxVus }) => `${maxVus}`)),
  },
  {
    what: 'max VUs',
    weight: 'warns',
    of: ({ run }) => list(run.scenarios.filter(isArrivalRate).map(({ maxVus }) => `${maxVus}`)),
  },
  {
    what: 'planned duration',
    weight: 'warns',
    of: ({ run }) => list(run.scenarios.map(({ durationMs }) => seconds(durationMs))),
  },
  { what: 'phases', weight: 'warns', of: ({ phases }) => list(phases) },
  { what: 'population', weight: 'blocks', of: ({ run }) => run.inventory?.population ?? 'unknown' },
  {
    what: 'inventory',
    weight: 'warns',
    of: ({ run: { inventory } }) =>
      inventory === null ? 'unknown' : `${inventory.users} users, seed ${inventory.seed}, ${inventory.generator}`,
  },
  {
    what: 'simulator options',
    weight: 'warns',
    of: ({ run: { simulatorOptions } }) => list(simulatorOptions ?? []),
  },
  { what: 'seed', weight: 'warns', of: ({ run }) => (run.seed === null ? 'none' : `${run.seed}`) },
  { what: 'interval length', weight: 'warns', of: ({ run }) => `${run.intervalMs} ms` },
  {
    what: 'load generator machines',
    weight: 'warns',
    of: ({ run }) => list(run.machines.map(({ cpus, platform, runtime }) => `${cpus} CPUs ${platform} ${runtime}`)),
  },
  { what: 'Pairstorm version', weight: 'warns', of: ({ run }) => run.pairstorm },
];

/**
 * Settings that may differ between runs of the same test: addresses and credentials of the target, file names, and
 * limits used by thresholds only. RATE and the like are compared by the resulting plan.
 */
const FREE_SETTINGS: ReadonlySet<string> = new Set([
  ...['PF_BASE_URL', 'PHONE_URL', 'BRIDGE_URL', 'ALLOW_HOSTS', 'PF_CLIENT_ID', 'PF_CLIENT_SECRET', 'BRIDGE_TOKEN'],
  ...['FAULT_START_URL', 'FAULT_END_URL'],
  ...[
    'PF_CLIENT_SECRET_FILE',
    'BRIDGE_TOKEN_FILE',
    'PF_HEADERS_FILE',
    'PF_PARAMETERS_FILE',
    'TLS_CLIENT_CERT',
    'TLS_CLIENT_KEY',
  ],
  ...['TLS_CLIENT_KEY_PASSWORD', 'TLS_CLIENT_KEY_PASSWORD_FILE', 'TLS_SKIP_VERIFY', 'INVENTORY', 'PAYLOADS', 'SEED'],
  ...['USER_OFFSET'],
  ...['P95_MS', 'MAX_ERROR_RATE', 'RATE', 'DURATION', 'RAMP', 'VUS', 'FLOWS'],
  ...['MAX_PER_USER', 'MAX_SMS', 'MAX_EMAIL', 'MAX_PUSH'],
]);

/** States of a run and their effect on its value as evidence. */
const STATES: Readonly<Record<string, TestDifference>> = {
  invalid: {
    weight: 'blocks',
    text: 'is invalid: the load generator was at fault, so its numbers say nothing about the target',
  },
  error: { weight: 'blocks', text: 'ended in an error' },
  interrupted: { weight: 'warns', text: 'was interrupted; only the recorded part is compared' },
  aborted: { weight: 'warns', text: 'was aborted; only the recorded part is compared' },
  killed: { weight: 'warns', text: 'was killed or is still running; only the recorded part is compared' },
};

/** State of a run in one word. */
export function stateOf({ end }: RunFile): string {
  return end === null ? 'killed' : end.verdict;
}

/** Lists differences between the two sides' tests, and whatever else weakens the comparison. */
export function findingsOf(base: readonly EstimatedRun[], next: readonly EstimatedRun[]): readonly TestDifference[] {
  const all = [...base, ...next];
  return [
    ...twice(all),
    ...all.flatMap((run) => {
      const state = STATES[stateOf(run.run)];
      return state === undefined ? [] : [{ ...state, text: `${run.folder} ${state.text}` }];
    }),
    ...all.flatMap(holes),
    ...all
      .filter(({ phases }) => phases.includes('level'))
      .map(({ folder }): TestDifference => ({
        weight: 'blocks',
        text: `${folder} is a search, so its load depends on the target; compare the rates that held`,
      })),
    ...generatorLateness(base, next),
    ...[...TRAITS, ...settingTraits(all)].flatMap((trait) => difference(trait, base, next)),
    ...settingsNotKept(all),
    ...betweenRuns(base, next),
  ];
}

/** Something that is not the same on both sides. */
export interface TestChange {
  readonly what: string;
  readonly base: string;
  readonly new: string;
}

/** All that differs between the sides besides what was measured, whether or not it affects the comparison. */
export function changesOf(base: readonly EstimatedRun[], next: readonly EstimatedRun[]): readonly TestChange[] {
  const names = new Set([...base, ...next].flatMap(({ run }) => Object.keys(run.settings)));
  const traits: readonly Pick<Trait, 'what' | 'of'>[] = [
    { what: 'target', of: ({ run }) => (run.simulated ? 'the built-in simulator' : (run.target ?? 'unknown')) },
    ...TRAITS,
    ...[...names]
      .sort()
      .map((name) => ({ what: name, of: ({ run }: EstimatedRun) => run.settings[name] ?? 'not set' })),
  ];
  return traits.flatMap(({ what, of }) => {
    const [before, after] = [base, next].map((runs) => [...new Set(runs.map(of))].sort().join(' and ')) as [
      string,
      string,
    ];
    return before === after ? [] : [{ what, base: before, new: after }];
  });
}

/** Damage of a record, found while reading or recorded by itself: the rest may be the good part of the run. */
function holes({ folder, run, damage }: EstimatedRun): TestDifference[] {
  const said = damage.length > 0 ? damage : (run.end?.findings.filter(({ code }) => code === 'record_damaged') ?? []);
  return said.map((one) => ({ weight: one.exit === 0 ? 'warns' : 'blocks', text: `${folder}: ${sentenceOf(one)}` }));
}

/** One trait per setting of any run. */
function settingTraits(all: readonly EstimatedRun[]): readonly Trait[] {
  const names = new Set(all.flatMap(({ run }) => Object.keys(run.settings)));
  return [...names]
    .filter((name) => !FREE_SETTINGS.has(name))
    .sort()
    .map((name) => ({ what: name, weight: 'blocks', of: ({ run }) => run.settings[name] ?? 'not set' }));
}

function difference(
  { what, weight, of }: Trait,
  base: readonly EstimatedRun[],
  next: readonly EstimatedRun[],
): TestDifference[] {
  const values = (runs: readonly EstimatedRun[]): string[] => [...new Set(runs.map(of))].sort();
  const [before, after] = [values(base), values(next)];
  if (new Set([...before, ...after]).size === 1) return [];
  return [{ weight, text: `${what}: base ${before.join(' and ')}, new ${after.join(' and ')}` }];
}

function twice(all: readonly EstimatedRun[]): TestDifference[] {
  const seen = new Map<string, string>();
  return all.flatMap(({ run, folder }) => {
    const key = JSON.stringify([run.testid, run.startedAt, run.machines]);
    const before = seen.get(key);
    if (before === undefined) seen.set(key, folder);
    return before === undefined ? [] : [{ weight: 'blocks', text: `${folder} is the same run as ${before}` }];
  });
}

/** Names settings whose values are not recorded, so that they cannot be compared. */
function settingsNotKept(all: readonly EstimatedRun[]): TestDifference[] {
  const kept = all.flatMap(({ run }) => Object.entries(run.settings));
  const names = new Set(kept.flatMap(([name, value]) => (value === REDACTED ? [name] : [])));
  const unknown = [...names].filter((name) => !FREE_SETTINGS.has(name)).sort();
  if (unknown.length === 0) return [];
  return [
    {
      weight: 'warns',
      text: `the settings of your own script are not recorded: ${list(unknown)}; make sure that they were the same`,
    },
  ];
}

/** Event-loop delays worth a warning: above this, and this many times those of the other side. */
const NOTICEABLE_MS = 20;
const NOTICEABLE_FACTOR = 3;

/** Warns if the load generator was slower on one side, which may explain differences in durations. */
function generatorLateness(base: readonly EstimatedRun[], next: readonly EstimatedRun[]): TestDifference[] {
  const latest = (runs: readonly EstimatedRun[]): number =>
    Math.max(0, ...runs.map(({ run }) => run.end?.ownDelay?.eventLoop.p99Ms ?? 0));
  const [before, after] = [latest(base), latest(next)];
  const [low, high] = [Math.min(before, after), Math.max(before, after)];
  if (low === 0 || high < NOTICEABLE_MS || high < NOTICEABLE_FACTOR * low) return [];
  const delays = `base ${before.toFixed(0)} ms, new ${after.toFixed(0)} ms`;
  return [
    {
      weight: 'warns',
      text: `event-loop delay of the load generator (p99): ${delays}; durations may differ because of it`,
    },
  ];
}

/** Warns that single runs do not show the variation between runs. */
function betweenRuns(base: readonly EstimatedRun[], next: readonly EstimatedRun[]): TestDifference[] {
  if (base.length > 1 || next.length > 1) return [];
  return [
    {
      weight: 'warns',
      text: 'one run per side: the variation between runs of one release is unknown, and a difference may be just that; give two or more, at least of the base',
    },
  ];
}
