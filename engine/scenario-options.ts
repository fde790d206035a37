import { ConfigurationError } from '../contract/configuration-error.ts';
import { count, duration, fields, object, positiveDuration, stages, stringMap, text, wrong } from './option-fields.ts';
import type { ReadOption, Stage } from './option-fields.ts';

/** What all executors share (k6-contract.md 3.1). Times in milliseconds. */
interface CommonPlan {
  readonly name: string;
  readonly startTimeMs: number;
  readonly gracefulStopMs: number;
  readonly exec: string;
  readonly env: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

export interface SharedIterationsPlan extends CommonPlan {
  readonly executor: 'shared-iterations';
  readonly vus: number;
  readonly iterations: number;
  readonly maxDurationMs: number;
}
export interface PerVuIterationsPlan extends CommonPlan {
  readonly executor: 'per-vu-iterations';
  readonly vus: number;
  readonly iterations: number;
  readonly maxDurationMs: number;
}
export interface ConstantVusPlan extends CommonPlan {
  readonly executor: 'constant-vus';
  readonly vus: number;
  readonly durationMs: number;
}
export interface RampingVusPlan extends CommonPlan {
  readonly executor: 'ramping-vus';
  readonly startVus: number;
  readonly stages: readonly Stage[];
  readonly gracefulRampDownMs: number;
}
export interface ConstantArrivalRatePlan extends CommonPlan {
  readonly executor: 'constant-arrival-rate';
  readonly rate: number;
  readonly timeUnitMs: number;
  readonly durationMs: number;
  readonly preAllocatedVus: number;
  readonly maxVus: number;
}
export interface RampingArrivalRatePlan extends CommonPlan {
  readonly executor: 'ramping-arrival-rate';
  readonly startRate: number;
  readonly timeUnitMs: number;
  readonly stages: readonly Stage[];
  readonly preAllocatedVus: number;
  readonly maxVus: number;
}

/** One scenario, validated, with every default filled in. */
export type ScenarioPlan =
  | SharedIterationsPlan
  | PerVuIterationsPlan
  | ConstantVusPlan
  | RampingVusPlan
  | ConstantArrivalRatePlan
  | RampingArrivalRatePlan;

/** A field: how it is read, and its default; without one it is required. */
type Field = readonly [read: ReadOption<unknown>, fallback?: unknown];

const COMMON: Readonly<Record<string, Field>> = {
  executor: [text],
  startTime: [duration, '0s'],
  gracefulStop: [duration, '30s'],
  exec: [text, 'default'],
  env: [stringMap, {}],
  tags: [stringMap, {}],
  options: [object, {}],
};

/** Fields of each executor (k6-contract.md 3.2). */
const FIELDS: Readonly<Record<ScenarioPlan['executor'], Readonly<Record<string, Field>>>> = {
  'shared-iterations': { vus: [count(1), 1], iterations: [count(1), 1], maxDuration: [positiveDuration, '10m'] },
  'per-vu-iterations': { vus: [count(1), 1], iterations: [count(1), 1], maxDuration: [positiveDuration, '10m'] },
  'constant-vus': { vus: [count(1), 1], duration: [positiveDuration] },
  'ramping-vus': { startVUs: [count(0), 1], stages: [stages], gracefulRampDown: [duration, '30s'] },
  'constant-arrival-rate': {
    rate: [count(1)],
    timeUnit: [positiveDuration, '1s'],
    duration: [positiveDuration],
    preAllocatedVUs: [count(0)],
    maxVUs: [count(1), null],
  },
  'ramping-arrival-rate': {
    startRate: [count(0), 0],
    timeUnit: [positiveDuration, '1s'],
    stages: [stages],
    preAllocatedVUs: [count(0)],
    maxVUs: [count(1), null],
  },
};

const SCENARIO_NAME = /^[A-Za-z0-9_-]+$/;

/** Reads one entry of `options.scenarios`. Throws a ConfigurationError that names the field. */
export function readScenario(name: string, value: unknown): ScenarioPlan {
  const place = `scenarios.${name}`;
  if (!SCENARIO_NAME.test(name)) {
    throw new ConfigurationError(`scenario name ${JSON.stringify(name)} is not allowed; use letters, digits, _ and -`);
  }
  const given = object(value, place);
  const executor = given['executor'];
  if (typeof executor !== 'string' || !Object.hasOwn(FIELDS, executor)) {
    throw wrong(`${place}.executor`, executor, `one of ${Object.keys(FIELDS).join(', ')}`);
  }
  const table = { ...COMMON, ...FIELDS[executor as ScenarioPlan['executor']] };
  fields(given, place, Object.keys(table));
  const read = (field: string): never => {
    const [readField, ...fallback] = table[field]!;
    const raw = given[field] ?? fallback[0];
    if (raw === null && fallback.length > 0) return null as never;
    return readField(raw, `${place}.${field}`) as never;
  };
  read('options');
  const common: CommonPlan = {
    name,
    startTimeMs: read('startTime'),
    gracefulStopMs: read('gracefulStop'),
    exec: read('exec'),
    env: read('env'),
    tags: read('tags'),
  };
  const build: Readonly<Record<ScenarioPlan['executor'], () => ScenarioPlan>> = {
    'shared-iterations': () => {
      const plan: SharedIterationsPlan = { ...common, executor: 'shared-iterations', ...iterations(read) };
      if (plan.vus > plan.iterations) {
        throw new ConfigurationError(
          `${place}: ${plan.vus} vus share ${plan.iterations} iterations; give at least one iteration per VU`,
        );
      }
      return plan;
    },
    'per-vu-iterations': () => ({ ...common, executor: 'per-vu-iterations', ...iterations(read) }),
    'constant-vus': () => ({ ...common, executor: 'constant-vus', vus: read('vus'), durationMs: read('duration') }),
    'ramping-vus': () => ({
      ...common,
      executor: 'ramping-vus',
      startVus: read('startVUs'),
      stages: read('stages'),
      gracefulRampDownMs: read('gracefulRampDown'),
    }),
    'constant-arrival-rate': () => ({
      ...common,
      executor: 'constant-arrival-rate',
      rate: read('rate'),
      timeUnitMs: read('timeUnit'),
      durationMs: read('duration'),
      ...arrivalVus(read, place),
    }),
    'ramping-arrival-rate': () => ({
      ...common,
      executor: 'ramping-arrival-rate',
      startRate: read('startRate'),
      timeUnitMs: read('timeUnit'),
      stages: read('stages'),
      ...arrivalVus(read, place),
    }),
  };
  return build[executor as ScenarioPlan['executor']]();
}

type Read = (field: string) => never;

function iterations(read: Read): { vus: number; iterations: number; maxDurationMs: number } {
  return { vus: read('vus'), iterations: read('iterations'), maxDurationMs: read('maxDuration') };
}

function arrivalVus(read: Read, place: string): { preAllocatedVus: number; maxVus: number } {
  const preAllocatedVus: number = read('preAllocatedVUs');
  const given = read('maxVUs') as number | null;
  const maxVus = given ?? preAllocatedVus;
  if (maxVus < preAllocatedVus || maxVus < 1) {
    throw new ConfigurationError(
      `${place}.maxVUs is ${maxVus}, preAllocatedVUs is ${preAllocatedVus}; maxVUs must be at least that, and at least 1`,
    );
  }
  return { preAllocatedVus, maxVus };
}

/** Regular length of a scenario in milliseconds, without its graceful stop. */
export function regularDurationMs(plan: ScenarioPlan): number {
  if ('maxDurationMs' in plan) return plan.maxDurationMs;
  if ('durationMs' in plan) return plan.durationMs;
  return plan.stages.reduce((sum, stage) => sum + stage.durationMs, 0);
}

/** VUs that a scenario needs when it starts, and at most. */
export function vusOf(plan: ScenarioPlan): { readonly atStart: number; readonly atMost: number } {
  if ('preAllocatedVus' in plan) return { atStart: plan.preAllocatedVus, atMost: plan.maxVus };
  if ('stages' in plan) {
    const most = Math.max(plan.startVus, ...plan.stages.map((stage) => stage.target));
    return { atStart: most, atMost: most };
  }
  return { atStart: plan.vus, atMost: plan.vus };
}
