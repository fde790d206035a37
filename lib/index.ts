/**
 * `pairstorm/lib`: Pairstorm's virtual user for your own k6 script, which decides how many there are and when they
 * start. It reads the settings of docs/settings.md that are not specific to a scenario, enforces `ALLOW_HOSTS`, and
 * plays the users of `INVENTORY` in turn. `pairstorm run` resolves the import; for k6, bundle the script, with `k6` and
 * `k6/*` external.
 *
 * ```ts
 * import { flowOptions, playFlow, prepareFlows } from 'pairstorm/lib';
 * export const options = { ...flowOptions, vus: 5, iterations: 50, thresholds: { outcome_mismatch: ['rate==0'] } };
 * export const setup = prepareFlows;
 * export default async (data) => {
 *   await playFlow(data);
 * };
 * ```
 */
import { SharedArray } from 'k6/data';
import { scenario, test } from 'k6/execution';
import type { Outcome } from '../catalogue/outcomes.ts';
import type { InventoryUser } from '../contract/inventory.ts';
import type { Ending } from './flow/ending.ts';
import type { PlayedPlan } from './played-plan.ts';
import type { RunPlan } from './run-plan.ts';
import 'k6/crypto';
import 'k6/encoding';
import 'k6/http';
import 'k6/timers';
import './metrics.ts';

export type { Outcome };

/** The k6 options that flows need, typed without @types/k6. */
export interface FlowOptions {
  readonly insecureSkipTLSVerify?: boolean;
  readonly noVUConnectionReuse?: boolean;
  readonly setupTimeout?: string;
  readonly userAgent?: string;
  /** The client certificate of `TLS_CLIENT_CERT`. */
  readonly tlsAuth?: { domains: string[]; cert: string; key: string; password?: string }[];
}

/** Result of `prepareFlows`, required by `playFlow`: use it as the script's setup data, or spread it into them. */
export interface FlowData {
  /** Unique for the run; the simulator and a deployment's log identify the run's flows by it. */
  readonly run: string;
}

/** How a flow ended. */
export interface FlowEnding {
  readonly outcome: Outcome;
  /** Why, in one sentence without secrets. */
  readonly reason: string;
  /** Whether it ended with the user's expected outcome, on the path of the user's kind. */
  readonly asExpected: boolean;
}

/** Options of `playFlow`. */
export interface FlowChoice {
  /**
   * The first user of this k6 scenario, from 0; 0 by default. Concurrent scenarios need separate users, because nobody
   * can be in two flows at once.
   */
  readonly from?: number;
}

const later = () => require('./own-script.ts');

// As in lib/test.ts: called once per process, so that planning code is evaluated only in the first init.
let planned: ReturnType<ReturnType<typeof later>['planFlows']> | undefined;
const first = () => (planned ??= later().planFlows());
const plans = new SharedArray<string>('pairstorm run plan', () =>
  [first().played, first().run].map((row) => JSON.stringify(row)),
);
const run = JSON.parse(plans[0]!) as PlayedPlan;
const whole = () => JSON.parse(plans[1]!) as RunPlan;
const users = new SharedArray<InventoryUser>('pairstorm users', () => [...first().users]);
const payloads = new SharedArray<string>('pairstorm payloads', () => [...first().payloads]);
planned = undefined;

/** The k6 options that flows need: certificates, connections, setup time. Spread them into the script's options. */
export const flowOptions: FlowOptions = __VU > 1 ? {} : (later().optionsOf(whole(), users.length) as FlowOptions);

/**
 * The script's `setup`, or a part of it: checks the target before any load, as the scenarios do, and resets all
 * accounts of the inventory if the device side can. Throws an error whose message says what to do.
 */
export const prepareFlows = async (): Promise<FlowData> => later().prepare(whole(), users);

/**
 * Plays one flow from start to end and counts it in the metrics of docs/metrics.md. The user's number is `from` plus
 * the k6 scenario's iteration; after the last user comes the first again. Aborts the test (108) if no further flow is
 * allowed: each user was played once (`USERS_EXHAUSTED`), or a limit on messages is reached (`MAX_SMS` and others).
 */
export const playFlow = async (data: FlowData, { from = 0 }: FlowChoice = {}): Promise<FlowEnding> => {
  let ended: FlowEnding | undefined;
  if ((data as FlowData | undefined)?.run === undefined) {
    test.abort("playFlow needs what prepareFlows gave: let it be the script's setup, and hand the setup data on");
  }
  const plan = from === 0 ? run : { ...run, offsets: { [scenario.name]: from } };
  await require('./virtual-user.ts').playFlow(plan, users, payloads, data, {
    began: () => undefined,
    asks: () => undefined,
    ended: (asExpected: boolean, { outcome, reason }: Ending) => (ended = { outcome, reason, asExpected }),
  });
  if (ended === undefined)
    test.abort('no further flow may be played: each user has been used once, or a limit on messages is reached');
  return ended!;
};
