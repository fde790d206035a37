import type * as K6 from 'k6/execution';
import type { RunningScenario, VirtualUser } from '../virtual-user.ts';
import type { ModuleShape } from './lacking-calls.ts';
import { vuMembers } from './vu-members.ts';

/** Thrown into the script by exec.test.abort(), to stop its code at once. */
const ABORT_MESSAGE = 'test aborted';

function scenarioOf({ scenario, run }: VirtualUser): RunningScenario {
  if (scenario !== undefined) return scenario;
  throw new run.realm.Error(
    'exec.scenario is not available here: no scenario runs in init, setup, teardown and handleSummary',
  );
}

function iterationInTest(vu: VirtualUser): number {
  scenarioOf(vu);
  return vu.iterationInTest;
}

const scenario = vuMembers(
  {
    name: (vu) => scenarioOf(vu).name,
    executor: (vu) => scenarioOf(vu).executor,
    startTime: (vu) => scenarioOf(vu).startedAtUnixMs,
    progress: (vu) => scenarioOf(vu).progress(),
    iterationInInstance: iterationInTest,
    iterationInTest,
  },
  {},
);

const instance = vuMembers(
  {
    iterationsCompleted: ({ run }) => run.counts.total('completed'),
    iterationsInterrupted: ({ run }) => run.counts.total('interrupted'),
    vusActive: ({ run }) => run.counts.total('active'),
    vusInitialized: ({ run }) => run.counts.total('initialised'),
    currentTestRunDuration: ({ run }) => run.elapsedMs(),
  },
  {},
);

const metrics = vuMembers(
  {},
  {
    tags: (vu) => tagProxy(vu, true),
    metadata: (vu) => tagProxy(vu, false),
  },
);

const user = vuMembers(
  {
    idInInstance: (vu) => vu.id,
    idInTest: (vu) => vu.idInTest,
    iterationInInstance: (vu) => vu.iterationInInstance,
    iterationInScenario: (vu) => vu.iterationInScenario,
  },
  { metrics, tags: (vu) => tagProxy(vu, true) },
);

function testOf({ run }: VirtualUser) {
  const { Error: ScriptError } = run.realm;
  return {
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
  };
}

/** Module `k6/execution`: values are getters (k6-contract.md 6.5). */
export const executionModule = vuMembers({}, { scenario, instance, vu: user, test: testOf }) satisfies (
  vu: VirtualUser,
) => ModuleShape<typeof K6>;

/** `exec.vu.metrics.tags`: tags set here apply to everything this VU emits. Metadata is not emitted (no raw output). */
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
        const line = `tag ${String(name)}: a tag value must be a string, a number or a boolean`;
        if (run.settings?.throw === true) throw new run.realm.TypeError(line);
        run.warnOften('tags with an unusable value', line);
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
