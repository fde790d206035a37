import { SharedArray } from 'k6/data';
import type { Options } from 'k6/options';
import type { SummaryData } from '../contract/figures.ts';
import type { InventoryUser } from '../contract/inventory.ts';
import type { FlowWatch } from './flow/flow-watch.ts';
import type { PlayedPlan } from './played-plan.ts';
import type { Demands } from './population/demands.ts';
import type { RunData } from './preflight.ts';
import type { Planning, RunPlan } from './run-plan.ts';
import 'k6/crypto';
import 'k6/encoding';
import 'k6/execution';
import 'k6/http';
import 'k6/timers';
import './metrics.ts';

/** The exports of a k6 script. */
interface Test {
  /** The whole plan, read anew: for functions that a scenario adds. */
  readonly plan: () => RunPlan;
  readonly options: Options;
  readonly setup: () => Promise<RunData>;
  readonly play: (data: RunData) => Promise<void>;
  readonly teardown: (data: RunData) => Promise<void>;
  readonly handleSummary: (data: SummaryData) => Record<string, string>;
}

/** Creates the observer of a virtual user's flows. */
export type Watch = (run: PlayedPlan) => FlowWatch;

const playing = () => require('./virtual-user.ts');

/**
 * Creates a k6 script from a plan. Init code only. Throws a ConfigurationError for invalid settings.
 *
 * The bundle has two parts, each evaluated where it is first needed: planning and summary (`planning`) only in the
 * first init, playing only in a virtual user that plays. On k6 each evaluated function costs each virtual user 0.7 KiB.
 * k6's own modules must be required in init code, hence the bare imports above. `watching`: for a scenario with a
 * timeline, what observes its flows.
 */
export function prepareTest(planning: () => Planning, watching?: () => Watch): Test {
  let planned: ReturnType<Planning['run']> | undefined;
  const first = () => (planned ??= planning().run());
  // Called once per process: later virtual users find the plan made, and keep a copy of what they play of it. As texts,
  // because a copy that the host makes is frozen, and on k6 a frozen object is a third larger.
  const plans = new SharedArray<string>('run plan', () =>
    [first().played, first().run].map((row) => JSON.stringify(row)),
  );
  const run = JSON.parse(plans[0]!) as PlayedPlan;
  const plan = () => JSON.parse(plans[1]!) as RunPlan;
  const users = new SharedArray<InventoryUser>('inventory users', () => [...first().users]);
  const demands = new SharedArray<Demands>('run demands', () => [first().demands]);
  const payloads = new SharedArray<string>('mobile payloads', () => [...first().payloads]);
  planned = undefined;
  return {
    plan,
    // Options are read from the first init run.
    options: __VU > 1 ? {} : planning().options(plan(), demands[0]!),
    setup: () => planning().setup(plan(), demands[0]!, users),
    // Not `watching?.()(run)`: if `watching` is undefined, Sobek still makes the second call.
    play: (data) =>
      playing().playFlow(run, users, payloads, data, watching === undefined ? undefined : watching()(run)),
    teardown: (data) => planning().teardown(plan(), data),
    handleSummary: (data) => ({ stdout: planning().summary(plan(), data) }),
  };
}
