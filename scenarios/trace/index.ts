/** `pairstorm trace`: plays one flow of one user and prints each request. */
import { SharedArray } from 'k6/data';
import { test } from 'k6/execution';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import type { InventoryUser } from '../../contract/inventory.ts';
import { TRACE_PREFIX } from './line.ts';
import type { TraceLine } from './line.ts';
import { checkPlan } from '../../lib/plan-checks.ts';
import { demandsOf } from '../../lib/population/demands.ts';
import type { Demands } from '../../lib/population/demands.ts';
import { readInventory } from '../../lib/population/inventory.ts';
import { preflight } from '../../lib/preflight.ts';
import type { RunData } from '../../lib/preflight.ts';
import { readPayloads } from '../../lib/read-file.ts';
import type { RunPlan } from '../../lib/run-plan.ts';
import { optionsOfOne, planOfOne, settingsOfTool } from '../../lib/single-flow.ts';
import type { Tool } from '../../lib/single-flow.ts';
import { targetOf } from '../../lib/target.ts';
import { playFlow } from '../../lib/virtual-user.ts';
import { RequestTracer } from './traced-request.ts';

const NAME = 'trace';

/** Everything prepared in init code, shared by all VUs. */
interface PlannedTrace {
  readonly run: RunPlan;
  readonly user: InventoryUser;
  readonly index: number;
  readonly users: number;
  readonly demands: Demands;
}

/** Index of the user, from TRACE_USER; 0 by default. */
function numberOf(given: string | undefined, users: number): number {
  const number = Number(given === undefined || given === '' ? '0' : given);
  if (Number.isInteger(number) && number >= 0 && number < users) return number;
  throw new ConfigurationError(`TRACE_USER is "${given ?? ''}"; write a whole number from 0 to ${users - 1}`);
}

function plan(): PlannedTrace {
  const settings = settingsOfTool(__ENV, []);
  const target = targetOf(settings);
  const inventory = readInventory(settings.inventory);
  const { users } = inventory;
  const index = numberOf(__ENV['TRACE_USER'], users.length);
  const user = users[index]!;
  const demands = demandsOf([user], 1, settings.limits);
  checkPlan({ settings, demands, turns: 1, users: 1, payloads: payloadsOf(settings).length });
  return { run: planOfOne(NAME, settings, target, inventory, index), user, index, users: users.length, demands };
}

function payloadsOf({ driver, payloads }: RunPlan['settings']): readonly string[] {
  return driver === 'file' ? readPayloads(payloads) : [];
}

function emit(line: TraceLine): void {
  console.log(TRACE_PREFIX + JSON.stringify(line));
}

/** Builds the trace script. Init code only. Throws a ConfigurationError. */
function prepareTrace(): Tool<RunData> {
  const { run, user, index, users, demands } = new SharedArray<PlannedTrace>('trace plan', () => [plan()])[0]!;
  const payloads = new SharedArray<string>('mobile payloads', () => [...payloadsOf(run.settings)]);
  return {
    options: optionsOfOne(NAME, run.settings),
    setup: () => preflight({ ...run, demands, cut: undefined, options: test.options }),
    play: async (data) => {
      const startedAt = Date.now();
      const tracer = new RequestTracer();
      let machineMs = 0;
      await playFlow(run, { length: users, [index]: user }, payloads, data, {
        began: () => undefined,
        asks: () => {
          const sentAt = Date.now();
          return (res) => {
            machineMs += res.timings.duration;
            emit({ request: tracer.describe(res, sentAt - startedAt, sentAt) });
          };
        },
        ended: (_asPrescribed, ending) => emit({ end: { ...ending, machineMs, wholeMs: Date.now() - startedAt } }),
      });
    },
    handleSummary: () => ({}),
  };
}

const trace = prepareTrace();

export const { options, setup, handleSummary } = trace;
export default trace.play;
