import { test } from 'k6/execution';
import type { Options } from 'k6/options';
import { LOAD_REPLACED } from '../contract/command.ts';
import { formatDuration } from '../contract/duration.ts';
import { NEW_SUMMARY, figuresOfSummary, hasFigures } from '../contract/figures.ts';
import type { Figures, SummaryData } from '../contract/figures.ts';
import { identityOf } from '../contract/inventory.ts';
import type { InventoryUser } from '../contract/inventory.ts';
import type { ScenarioName } from '../contract/setting.ts';
import type { FlowKind } from '../protocol/flow-kinds.ts';
import type { LoadModel } from './load-model.ts';
import type { Timeline } from './phases/timeline.ts';
import { withProfile } from './own-profile.ts';
import { checkPlan } from './plan-checks.ts';
import { playedPlan } from './played-plan.ts';
import type { PlayedPlan } from './played-plan.ts';
import { demandsOf } from './population/demands.ts';
import type { Demands } from './population/demands.ts';
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
import { SHOWN } from './thresholds.ts';
import type { Thresholds } from './thresholds.ts';

/** What distinguishes a scenario. */
interface TestPlan {
  readonly name: ScenarioName;
  readonly load: (settings: Settings, facts: InventoryFacts) => LoadModel;
  readonly thresholds: (settings: Settings, kinds: readonly FlowKind[], timeline: Timeline) => Thresholds;
  /** The scenario's own section of the summary; it comes first. */
  readonly headline?: (figures: Figures, settings: Settings) => Section;
  /** Further checks before the load, once the target was found. */
  readonly prepare?: (run: RunPlan) => Promise<Partial<RunData>>;
  /** Called after all load. */
  readonly teardown?: (run: RunPlan, data: RunData) => Promise<void>;
}

/** A run, once per process. */
export interface RunPlan extends PlayedPlan {
  readonly settings: Settings;
  readonly facts: InventoryFacts;
  /** Planned flows, users in turn. */
  readonly turns: number;
}

/** A planned run, and what it keeps once per process. */
export interface PlannedRun {
  readonly run: RunPlan;
  /** What virtual users keep of it. */
  readonly played: PlayedPlan;
  readonly users: readonly InventoryUser[];
  /** What the flows require of devices and people. */
  readonly demands: Demands;
  /** Payloads of the file driver; empty with other drivers. */
  readonly payloads: readonly string[];
}

/** What a run needs before and after its load. Virtual users do not evaluate it. */
export interface Planning {
  /** Plans a run. Init code only. Throws a ConfigurationError for invalid settings. */
  readonly run: () => PlannedRun;
  /** k6 options of a planned run. */
  readonly options: (run: RunPlan, demands: Demands) => Options;
  /** Checks the target before any load. */
  readonly setup: (run: RunPlan, demands: Demands, users: ArrayLike<InventoryUser>) => Promise<RunData>;
  readonly summary: (run: RunPlan, data: SummaryData) => string;
  /** Called after all load, on both hosts also after the first Ctrl-C. */
  readonly teardown: (run: RunPlan, data: RunData) => Promise<void>;
}

/** Statistics in the summary. No average, because averages mislead. */
const TREND_STATS = ['count', 'min', 'med', 'p(90)', 'p(95)', 'p(99)', 'max'];

/** k6's defaults without the URL, because parameters of the authorization request may contain a key, or are signed. */
const SYSTEM_TAGS_WITHOUT_URL = [
  ...['proto', 'subproto', 'status', 'method', 'name', 'group', 'check', 'error', 'error_code', 'tls_version'],
  ...['scenario', 'service', 'expected_response'],
];

/** k6 writes no record, and gives no verdict but its own. */
const K6_CLOSING = [
  '',
  '  For a verdict with its causes, a report and a gate: k6 run --out json=k6.json …, then pairstorm import k6.json',
];

/** Without expected outcomes nothing can mismatch: a threshold without samples would fail a gate. */
function judgedOf(thresholds: Thresholds, { judged }: Demands): Thresholds {
  if (!judged) {
    for (const name of Object.keys(thresholds)) if (name.startsWith('outcome_mismatch')) thresholds[name] = SHOWN;
  }
  return thresholds;
}

/** Plans the runs of a scenario. */
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
      // The simulator also resets if no flow changes an account, because it has locks of its own.
      const resets = !real || demands.changing.length > 0;
      const run = {
        ...{ settings, target, facts, inventory: identityOf(inventory) },
        ...{ offsets: sliceOffsets(planned), turns, limit, resets },
        ...(timeline && { timeline }),
        cells,
      };
      return { run, played: playedPlan(run), users, demands, payloads };
    },
    options: ({ settings, facts, turns, timeline = [] }, demands) => ({
      scenarios: { ...plan.load(settings, facts).scenarios },
      thresholds: judgedOf(plan.thresholds(settings, demands.kinds, timeline), demands),
      summaryTrendStats: TREND_STATS,
      insecureSkipTLSVerify: settings.tlsSkipVerify,
      noVUConnectionReuse: settings.connections === 'per-flow',
      setupTimeout: formatDuration(30_000 + resetTimeoutMs(settings, Math.min(turns, facts.users))),
      // For requests outside of flows; those of a flow carry their client profile's.
      userAgent: 'pairstorm',
      ...(Object.keys(settings.parameters).length + settings.requestObject.length > 0 && {
        systemTags: SYSTEM_TAGS_WITHOUT_URL,
      }),
      ...clientCertificate(settings),
    }),
    setup: async (run, demands, users) => {
      const { settings, target, facts, turns } = run;
      const { options } = test;
      // Under a load that was not planned the figures would be meaningless.
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
