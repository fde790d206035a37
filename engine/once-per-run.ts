import type { TestRun } from './test-run.ts';

/** Memoizes a value per run, for all its VUs. */
export function oncePerRun<T extends object>(make: (run: TestRun) => T): (run: TestRun) => T {
  const known = new WeakMap<TestRun, T>();
  return (run) => {
    let made = known.get(run);
    if (made === undefined) known.set(run, (made = make(run)));
    return made;
  };
}
