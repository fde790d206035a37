import type * as K6 from 'k6/execution';
import type { RunningScenario, VirtualUser } from '../virtual-user.ts';
import type { ModuleShape } from './module-shape.ts';

/** Thrown into the script by exec.test.abort(), so that its code stops at once. */
const ABORT_MESSAGE = 'test aborted';

/** Module `k6/execution`: values are getters (k6-contract.md 6.5). */
export function executionModule(vu: VirtualUser) {
  const { run } = vu;
  const { Error: ScriptError } = run.realm;
  const scenario = (): RunningScenario => {
    if (vu.scenario !== undefined) return vu.scenario;
    throw new ScriptError(
      'exec.scenario has no value here: no scenario runs in init, setup, teardown and handleSummary',
    );
  };
  const tags = tagProxy(vu, true);
  const metrics = Object.freeze({ tags, metadata: tagProxy(vu, false) });
  return {
    scenario: {
      get name() {
        return scenario().name;
      },
      get executor() {
        return scenario().executor;
      },
      get startTime() {
        return scenario().startedAtUnixMs;
      },
      get progress() {
        return scenario().progress();
      },
      get iterationInInstance() {
        scenario();
        return vu.iterationInTest;
      },
      get iterationInTest() {
        scenario();
        return vu.iterationInTest;
      },
    },
    instance: {
      get iterationsCompleted() {
        return run.counts.total('completed');
      },
      get iterationsInterrupted() {
        return run.counts.total('interrupted');
      },
      get vusActive() {
        return run.counts.total('active');
      },
      get vusInitialized() {
        return run.counts.total('initialised');
      },
      get currentTestRunDuration() {
        return run.elapsedMs();
      },
    },
    vu: {
      get idInInstance() {
        return vu.id;
      },
      get idInTest() {
        return vu.idInTest;
      },
      get iterationInInstance() {
        return vu.iterationInInstance;
      },
      get iterationInScenario() {
        return vu.iterationInScenario;
      },
      metrics,
      tags,
    },
    test: {
      get options() {
        return run.settings?.consolidated;
      },
      abort(reason?: string): never {
        const text = reason === undefined ? ABORT_MESSAGE : `${ABORT_MESSAGE}: ${reason}`;
        run.abort(text);
        throw new ScriptError(text);
      },
      fail(reason?: string): void {
        run.fail(reason ?? 'the script marked the test as failed');
      },
    },
  } satisfies ModuleShape<typeof K6>;
}

/** `exec.vu.metrics.tags`: what is set here tags everything that this VU emits. Metadata goes nowhere (no raw output). */
function tagProxy(vu: VirtualUser, intoScope: boolean): object {
  const { run } = vu;
  const own = new Map<string, string>();
  return new Proxy(Object.create(null) as object, {
    get: (_target, name) => (intoScope ? vu.scope.tags[name as string] : own.get(name as string)),
    has: (_target, name) => (intoScope ? (name as string) in vu.scope.tags : own.has(name as string)),
    ownKeys: () => (intoScope ? Object.keys(vu.scope.tags) : [...own.keys()]),
    getOwnPropertyDescriptor: (_target, name) => ({
      value: intoScope ? vu.scope.tags[name as string] : own.get(name as string),
      enumerable: true,
      configurable: true,
    }),
    set(_target, name, value: unknown) {
      if (!['string', 'number', 'boolean'].includes(typeof value)) {
        const line = `tag ${String(name)}: only strings, numbers and booleans can be tag values`;
        if (run.settings?.throw === true) throw new run.realm.TypeError(line);
        run.warnOften('tags with a value that is no text', line);
        return true;
      }
      if (intoScope) vu.scope = vu.scope.with(name as string, String(value));
      else own.set(name as string, String(value));
      return true;
    },
    deleteProperty(_target, name) {
      if (intoScope) vu.scope = vu.scope.without(name as string);
      else own.delete(name as string);
      return true;
    },
  });
}
