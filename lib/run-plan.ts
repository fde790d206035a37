import { test } from 'k6/execution';
import type { Options } from 'k6/options';
import { LOAD_REPLACED } from '../contract/command.ts';
import { formatDuration } from '../contract/duration.ts';
import { NEW_SUMMARY, figuresOfSummary, hasFigures } from '../contract/figures.ts';
import type { Figures, SummaryData } from '../contract/figures.ts';
import { identityOf } from '../contract/inventory.ts';
import type { InventoryIdentity, InventoryUser } from '../contract/inventory.ts';
import type { ScenarioName } from '../contract/setting.ts';
import type { FlowKind } from '../protocol/flow-kinds.ts';
import type { LoadModel } from './load-model.ts';
import type { Timeline } from './phases/timeline.ts';
import { withProfile } from './own-profile.ts';
import { checkPlan } from './plan-checks.ts';
import { demandsOf } from './population/demands.ts';
import type { Demands, LimitReached } from './population/demands.ts';
import { factsOf } from './population/human-duration.ts';
import { readInventory } from './population/inventory.ts';
import { inTurn, sliceOffsets, turnsOf } from './population/slices.ts';
import type { InventoryFacts } from './population/slices.ts';
import { preflight } from './preflight.ts';
import type { RunData } from './preflight.ts';
import { readPayloads } from './read-file.ts';
import { resetAccounts, resetTimeoutMs } from './reset-accounts.ts';
import { clientCertificate, withSecrets } from './secret-files.ts';
import { readSettings } from './settings.ts';
import type { Settings } from './settings.ts';
import { summary } from './summary.ts';
import type { Section } from './summary.ts';
import { targetOf } from './target.ts';
import type { Target } from './target.ts';
import { SHOWN } from './thresholds.ts';
import type { Thresholds } from './thresholds.ts';

/** What a scenario says of its test. */
interface TestPlan {
  readonly name: ScenarioName;
  readonly load: (settings: Settings, facts: InventoryFacts) => LoadModel;
  readonly thresholds: (settings: Settings, kinds: readonly FlowKind[], timeline: Timeline) => Thresholds;
  /** A section of the summary for what the scenario is about; it comes first. */
  readonly headline?: (figures: Figures, settings: Settings) => Section;
  /** Looks at more before the load, after the target was found. */
  readonly prepare?: (run: RunPlan) => Promise<Partial<RunData>>;
  /** After all load. */
  readonly teardown?: (run: RunPlan, data: RunData) => Promise<void>;
}

/** A run as its virtual users know it, once per process. */
export interface RunPlan {
  readonly settings: Settings;
  readonly target: Target;
  readonly facts: InventoryFacts;
  readonly inventory: InventoryIdentity;
  /** Where each k6 scenario begins in the inventory. */
  readonly offsets: Readonly<Record<string, number>>;
  /** Flows that the plan starts, users in turn. */
  readonly turns: number;
  /** The flow that would send more messages than is allowed; null: none would, or nobody real is reached. */
  readonly limit: LimitReached | null;
  /** Users who are played again are put back first. */
  readonly resets: boolean;
  /** Where something changes while flows run. */
  readonly timeline?: Timeline;
  /** Of drawn starts: the time over which those of each k6 scenario spread, in milliseconds. */
  readonly cells?: LoadModel['cells'] | undefined;
}

/** A planned run, and what is kept for it once per process. */
export interface PlannedRun {
  readonly run: RunPlan;
  readonly users: readonly InventoryUser[];
  /** What the flows ask of devices and people. */
  readonly demands: Demands;
  /** Payloads of the file driver; empty with another. */
  readonly payloads: readonly string[];
}

/** All that a run needs before and after its load, and no virtual user while it plays. */
export interface Planning {
  /** Plans a run. Init code only. Throws a ConfigurationError for what the user set wrongly. */
  readonly run: () => PlannedRun;
  /** k6's options of a planned run. */
  readonly options: (run: RunPlan, demands: Demands) => Options;
  /** Looks at the target before any load. */
  readonly setup: (run: RunPlan, demands: Demands, users: ArrayLike<InventoryUser>) => Promise<RunData>;
  readonly summary: (run: RunPlan, data: SummaryData) => string;
  /** After all load, on both hosts also after the first Ctrl-C. */
  readonly teardown: (run: RunPlan, data: RunData) => Promise<void>;
}

/** Percentiles and counts that the summary shows; no average, because averages mislead. */
const TREND_STATS = ['count', 'min', 'med', 'p(90)', 'p(95)', 'p(99)', 'max'];

/** k6's own, without the URL: parameters of the authorization request may hold a key. */
const SYSTEM_TAGS_WITHOUT_URL = [
  ...['proto', 'subproto', 'status', 'method', 'name', 'group', 'check', 'error', 'error_code', 'tls_version'],
  ...['scenario', 'service', 'expected_response'],
];

/** On k6 there is no record, and so no verdict but k6's own. */
const K6_CLOSING = [
  '',
  '  For a verdict with its causes, a report and a gate: k6 run --out json=k6.json …, then pairstorm import k6.json',
];

/** Where nothing is expected of anybody there is no mismatch to judge: a threshold without a sample would close a gate. */
function judgedOf(thresholds: Thresholds, { judged }: Demands): Thresholds {
  if (!judged) {
    for (const name of Object.keys(thresholds)) if (name.startsWith('outcome_mismatch')) thresholds[name] = SHOWN;
  }
  return thresholds;
}

/** Plans the runs of a test. */
export function planning(plan: TestPlan): Planning {
  return {
    run: () => {
      const read = withProfile(withSecrets(readSettings(__ENV, plan.name)));
      const target = targetOf(read);
      const inventory = readInventory(read.inventory);
      const settings = { ...read, seed: read.seed ?? inventory.seed };
      const users = inTurn(inventory.users, settings);
      const facts = factsOf(users, settings);
      const { planned, timeline, cells } = plan.load(settings, facts);
      const turns = turnsOf(planned);
      const demands = demandsOf(users, turns, settings.limits);
      const payloads = settings.driver === 'file' ? readPayloads(settings.payloads) : [];
      checkPlan({ settings, demands, turns, users: users.length, payloads: payloads.length });
      const real = settings.driver !== 'simulated';
      const limit = real ? demands.limit : null;
      // Where no flow changes an account, only the simulator is asked to put it back: it has locks of its own.
      const resets = !real || demands.changing.length > 0;
      return {
        run: {
          ...{ settings, target, facts, inventory: identityOf(inventory) },
          ...{ offsets: sliceOffsets(planned), turns, limit, resets },
          ...(timeline && { timeline }),
          cells,
        },
        users,
        demands,
        payloads,
      };
    },
    options: ({ settings, facts, turns, timeline = [] }, demands) => ({
      scenarios: { ...plan.load(settings, facts).scenarios },
      thresholds: judgedOf(plan.thresholds(settings, demands.kinds, timeline), demands),
      summaryTrendStats: TREND_STATS,
      insecureSkipTLSVerify: settings.tlsSkipVerify,
      noVUConnectionReuse: settings.connections === 'per-flow',
      setupTimeout: formatDuration(30_000 + resetTimeoutMs(settings, Math.min(turns, facts.users))),
      // Of requests beside the flows; those of a flow carry their client profile's.
      userAgent: 'pairstorm',
      ...(Object.keys(settings.parameters).length > 0 && { systemTags: SYSTEM_TAGS_WITHOUT_URL }),
      ...clientCertificate(settings),
    }),
    setup: async (run, demands, users) => {
      const { settings, target, facts, turns } = run;
      const { options } = test;
      // Of a load that nobody planned no figure means what it says.
      if (__ENV[LOAD_REPLACED] === undefined && Object.hasOwn(options.scenarios ?? {}, 'default')) {
        test.abort(
          `the scenarios of ${plan.name} were replaced; leave out --vus, --iterations, --duration, --stage (K6_VUS, …) and set -e VUS=… (docs/settings.md)`,
        );
      }
      const { cut } = plan.load(settings, facts);
      const { resets, ...looked } = await preflight({ ...run, demands, cut, options });
      const data = { ...looked, ...(await plan.prepare?.(run)) };
      const planned = Math.min(turns, users.length);
      const { executionSegment } = options as { readonly executionSegment?: unknown };
      if (resets)
        await resetAccounts({ run: data.run, settings, device: target.device, users, planned }, executionSegment);
      return data;
    },
    summary: ({ settings }, data) => {
      if (!hasFigures(data)) return `\n  Pairstorm ${plan.name}: no figures; leave out ${NEW_SUMMARY}\n\n`;
      const figures = figuresOfSummary(data);
      const headline = plan.headline?.(figures, settings);
      return summary(plan.name, figures, { headline, closing: K6_CLOSING });
    },
    teardown: async (run, data) => plan.teardown?.(run, data),
  };
}
