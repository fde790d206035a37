import { uniformNumbers } from '../../contract/draw.ts';
import type { VirtualUser } from '../virtual-user.ts';
import { lackingCall } from './lacking-calls.ts';
import type { ModuleShape } from './lacking-calls.ts';
import { performance } from 'node:perf_hooks';
import type * as K6 from 'k6';

/** Module `k6` (k6-contract.md 6.1). */
export function k6Module(vu: VirtualUser) {
  const { run } = vu;
  const { Error: ScriptError, TypeError: ScriptTypeError } = run.realm;
  const needsVu = (what: string): void => {
    if (!vu.busy) throw new ScriptError(`${what} is not available in the init context; call it in a running function`);
  };
  return {
    check(value: unknown, sets: unknown, tags?: Readonly<Record<string, string>>): boolean {
      needsVu('check()');
      if (typeof sets !== 'object' || sets === null)
        throw new ScriptTypeError('check(value, sets): sets must be an object');
      const count = (name: string, passed: boolean): void => {
        const own = run.hasSystemTag('check') ? { ...tags, check: name } : tags;
        vu.series('checks', own).add(passed ? 1 : 0);
      };
      let all = true;
      for (const [name, test] of Object.entries(sets)) {
        if (isAsync(test)) {
          throw new ScriptError(
            `check "${name}" is an async function; await first, then check the result in a plain function`,
          );
        }
        let passed: boolean;
        try {
          passed = Boolean(typeof test === 'function' ? (test as (value: unknown) => unknown)(value) : test);
        } catch (thrown) {
          count(name, false);
          throw thrown;
        }
        count(name, passed);
        all &&= passed;
      }
      return all;
    },
    fail(message?: string): never {
      throw new ScriptError(message ?? '');
    },
    group(name: string, fn: () => unknown): unknown {
      needsVu('group()');
      if (typeof fn !== 'function') throw new ScriptTypeError('group(name, fn): fn must be a function');
      if (isAsync(fn)) {
        run.unsupported(
          `group "${name}" is an async function; groups take plain functions: tag requests instead, \`{ tags: { … } }\``,
        );
      }
      const outer = vu.scope;
      const path = `${outer.tags['group'] ?? ''}::${name}`;
      const inner = run.hasSystemTag('group') ? outer.with('group', path) : outer;
      vu.scope = inner;
      const startedAt = performance.now();
      try {
        return fn();
      } finally {
        inner.series(run.registry.builtIn('group_duration')).add(performance.now() - startedAt);
        vu.scope = outer;
      }
    },
    randomSeed(seed: number): void {
      const math = vu.globals['Math'] as Math;
      Object.defineProperty(math, 'random', { value: uniformNumbers(seed), configurable: true });
    },
    sleep(): never {
      return run.unsupported(lackingCall('k6', 'sleep'));
    },
  } satisfies ModuleShape<typeof K6>;
}

function isAsync(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object AsyncFunction]';
}
