import { ConfigurationError } from '../contract/configuration-error.ts';
import type { CommonPlan, Field } from './executors/executor.ts';
import { EXECUTORS } from './executors/table.ts';
import type { ScenarioPlan } from './executors/table.ts';
import { durationField, fields, objectField, stringMap, textField, invalidOption } from './option-fields.ts';

/** Fields common to all executors. */
const COMMON: Readonly<Record<string, Field>> = {
  executor: [textField],
  startTime: [durationField, '0s'],
  gracefulStop: [durationField, '30s'],
  exec: [textField, 'default'],
  env: [stringMap, {}],
  tags: [stringMap, {}],
  options: [objectField, {}],
};

const SCENARIO_NAME = /^[A-Za-z0-9_-]+$/;

/** Reads one entry of `options.scenarios`. Throws a ConfigurationError that names the field. */
export function readScenario(name: string, value: unknown): ScenarioPlan {
  const place = `scenarios.${name}`;
  if (!SCENARIO_NAME.test(name)) {
    throw new ConfigurationError(`scenario name ${JSON.stringify(name)} is not allowed; use letters, digits, _ and -`);
  }
  const given = objectField(value, place);
  const executor = given['executor'];
  if (typeof executor !== 'string' || !Object.hasOwn(EXECUTORS, executor)) {
    throw invalidOption(`${place}.executor`, executor, `one of ${Object.keys(EXECUTORS).join(', ')}`);
  }
  const own = EXECUTORS[executor as keyof typeof EXECUTORS];
  const table: Readonly<Record<string, Field>> = { ...COMMON, ...own.fields };
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
  return { ...common, executor, ...own.read(read, place) } as ScenarioPlan;
}
