import type * as K6 from 'k6/data';
import { oncePerRun } from '../once-per-run.ts';
import type { TestRun } from '../test-run.ts';
import type { VirtualUser } from '../virtual-user.ts';
import type { ModuleShape } from './lacking-calls.ts';
import { rowReader, sharedRows } from './shared-rows.ts';
import type { SharedRows } from './shared-rows.ts';

/** Module `k6/data` (k6-contract.md 6.4). */
export const dataModule = ({ run }: VirtualUser) => dataOf(run) satisfies ModuleShape<typeof K6>;

const dataOf = oncePerRun((run) => ({ SharedArray: sharedArrayClass(run) }));

/**
 * SharedArray: the function runs once per name and process, in the first thread that asks. Elements are stored as JSON;
 * each access parses a new, frozen copy, so that VUs cannot affect each other.
 */
function sharedArrayClass(run: TestRun) {
  const { Error: ScriptError, TypeError: ScriptTypeError, JSON: scriptJson } = run.realm;
  const arrays = new Map<string, object>();
  // eslint-disable-next-line @typescript-eslint/no-extraneous-class -- scripts call it with `new`
  return class SharedArray {
    constructor(name: unknown, fn: unknown) {
      if (run.initialising === undefined) throw new ScriptError('new SharedArray must be called in the init context');
      if (typeof name !== 'string' || name === '')
        throw new ScriptTypeError('new SharedArray(name, fn): name is empty');
      if (typeof fn !== 'function') throw new ScriptTypeError('new SharedArray(name, fn): fn must be a function');
      let array = arrays.get(name);
      if (array === undefined) {
        let rows = run.sharedRows.get(name);
        if (rows === undefined) {
          const made: unknown = (fn as () => unknown)();
          if (!Array.isArray(made)) throw new ScriptTypeError(`SharedArray ${name}: the function must return an array`);
          rows = sharedRows(made.map((element: unknown) => (JSON.stringify(element) as string | undefined) ?? 'null'));
          run.sharedRows.set(name, rows);
        }
        array = frozenCopies(rows, run, (json) => deepFreeze(scriptJson.parse(json)));
        arrays.set(name, array);
      }
      return array;
    }
  };
}

function frozenCopies(rows: SharedRows, run: TestRun, parse: (json: string) => unknown): object {
  const elements = rowReader(rows);
  const prototype = run.realm.Array.prototype as unknown as Record<string | symbol, unknown>;
  const refuse = (): never => {
    throw new run.realm.TypeError('a SharedArray cannot be changed');
  };
  const indexOf = (key: string | symbol): number => (typeof key === 'string' && /^\d+$/.test(key) ? Number(key) : -1);
  return new Proxy<object>(new run.realm.Array<unknown>(), {
    get(_target, key) {
      if (key === 'length') return elements.length;
      const index = indexOf(key);
      if (index < 0) return prototype[key];
      return index < elements.length ? parse(elements.at(index)) : undefined;
    },
    has: (_target, key) => key === 'length' || (indexOf(key) >= 0 ? indexOf(key) < elements.length : key in prototype),
    set: refuse,
    defineProperty: refuse,
    deleteProperty: refuse,
    setPrototypeOf: refuse,
    preventExtensions: refuse,
  });
}

/** Without `for … in`, which takes V8 13 some 13 µs for a user of a run, this 0.5 (bench/RESULTS.md). */
function deepFreeze(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
