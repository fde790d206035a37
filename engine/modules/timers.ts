import type * as K6 from 'k6/timers';
import type { VirtualUser } from '../virtual-user.ts';
import type { ModuleShape } from './lacking-calls.ts';

let lastId = 0;

/** `k6/timers` and the globals of the same names: delays in milliseconds, numeric ids (k6-contract.md 6.6). */
export function scriptTimers(vu: VirtualUser) {
  const clear = (id?: unknown): void => {
    const timer = vu.timers.get(id as number);
    if (timer === undefined) return;
    clearTimeout(timer);
    vu.timers.delete(id as number);
    vu.taskEnded(vu.epoch);
  };
  const start = (name: string, repeats: boolean, fn: unknown, delay: unknown, args: readonly unknown[]): number => {
    if (typeof fn !== 'function') throw new vu.run.realm.TypeError(`${name}(fn, ms): fn must be a function`);
    if (!vu.busy)
      throw new vu.run.realm.Error(`${name}() is not available in the init context; call it in a running function`);
    const ms = Math.max(0, Number(delay) || 0);
    const id = ++lastId;
    const { epoch } = vu;
    const fire = (): void => {
      if (epoch !== vu.epoch) return;
      if (!repeats) vu.timers.delete(id);
      try {
        (fn as (...args: readonly unknown[]) => unknown)(...args);
      } catch (thrown) {
        vu.fail(epoch, thrown);
        return;
      }
      if (!repeats) vu.taskEnded(epoch);
    };
    vu.taskStarted();
    vu.timers.set(id, repeats ? setInterval(fire, ms) : setTimeout(fire, ms));
    return id;
  };
  return {
    setTimeout: (fn?: unknown, ms?: unknown, ...args: readonly unknown[]) => start('setTimeout', false, fn, ms, args),
    setInterval: (fn?: unknown, ms?: unknown, ...args: readonly unknown[]) => start('setInterval', true, fn, ms, args),
    clearTimeout: clear,
    clearInterval: clear,
  } satisfies ModuleShape<typeof K6>;
}
