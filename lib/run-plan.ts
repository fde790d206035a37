import type { Options } from 'k6/options';
import type { InventoryUser } from '../contract/inventory.ts';
import type { SummaryData } from '../contract/summary-data.ts';
import type { LoadModel } from './load-model.ts';
import { factsOf, readInventory } from './population/inventory.ts';
import { sliceOffsets } from './population/slices.ts';
import type { InventoryFacts } from './population/slices.ts';
import { preflight } from './preflight.ts';
import { readSettings } from './settings.ts';
import type { ScenarioName, Settings } from './settings.ts';
import { summary } from './summary.ts';
import { targetOf } from './target.ts';
import type { Target } from './target.ts';
import type { Thresholds } from './thresholds.ts';
import type { RunData } from './virtual-user.ts';

/** What a file of lib/plans/ says of its test. */
export interface TestPlan {
  readonly name: ScenarioName;
  readonly load: (settings: Settings, facts: InventoryFacts) => LoadModel;
  readonly thresholds: (settings: Settings) => Thresholds;
}

/** A run as its virtual users know it, once per process. */
export interface RunPlan {
  readonly settings: Settings;
  readonly target: Target;
  readonly facts: InventoryFacts;
  /** Where each k6 scenario begins in the inventory. */
  readonly offsets: Readonly<Record<string, number>>;
}

/** All that a run needs before and after its load, and no virtual user while it plays. */
export interface Planning {
  /** Plans a run. Init code only. Throws a ConfigurationError for what the user set wrongly. */
  readonly run: () => { readonly run: RunPlan; readonly users: readonly InventoryUser[] };
  /** k6's options of a planned run. */
  readonly options: (run: RunPlan) => Options;
  /** Looks at the target before any load. */
  readonly setup: (run: RunPlan) => Promise<RunData>;
  readonly summary: (data: SummaryData) => string;
}

/** Percentiles and counts that the summary shows; no average, because averages mislead. */
const TREND_STATS = ['count', 'min', 'med', 'p(90)', 'p(95)', 'p(99)', 'max'];

/** Plans the runs of a test. */
export function planning(plan: TestPlan): Planning {
  return {
    run: () => {
      const read = readSettings(__ENV, plan.name);
      const settings: Settings =
        read.clientSecretFile === '' ? read : { ...read, clientSecret: open(read.clientSecretFile).trim() };
      const target = targetOf(settings);
      const users = readInventory(settings.inventory);
      const facts = factsOf(users);
      const { planned } = plan.load(settings, facts);
      return { run: { settings, target, facts, offsets: sliceOffsets(planned) }, users };
    },
    options: ({ settings, facts }) => ({
      scenarios: { ...plan.load(settings, facts).scenarios },
      thresholds: plan.thresholds(settings),
      summaryTrendStats: TREND_STATS,
      insecureSkipTLSVerify: settings.tlsSkipVerify,
      setupTimeout: '30s',
      // Mobile clients send no browser's User-Agent; this one says what it is.
      userAgent: 'pairstorm',
    }),
    setup: ({ target }) => preflight(target),
    summary: (data) => summary(plan.name, data),
  };
}
