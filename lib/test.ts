import type { Options } from 'k6/options';
import type { SummaryData } from '../contract/summary-data.ts';
import { humanTime } from './human-time.ts';
import type { LoadModel } from './load-model.ts';
import { openPopulation } from './population/inventory.ts';
import { sliceOffsets } from './population/slices.ts';
import type { InventoryFacts } from './population/slices.ts';
import { preflight } from './preflight.ts';
import { readSettings } from './settings.ts';
import type { ScenarioName, Settings } from './settings.ts';
import { summary } from './summary.ts';
import { targetOf } from './target.ts';
import type { Thresholds } from './thresholds.ts';
import { playFlow } from './virtual-user.ts';
import type { RunData } from './virtual-user.ts';

/** What a file of scenarios/ says of its test. */
export interface TestPlan {
  readonly name: ScenarioName;
  readonly load: (settings: Settings, facts: InventoryFacts) => LoadModel;
  readonly thresholds: (settings: Settings) => Thresholds;
}

/** The exports of a k6 script. */
export interface Test {
  readonly options: Options;
  readonly setup: () => Promise<RunData>;
  readonly play: (data: RunData) => Promise<void>;
  readonly handleSummary: (data: SummaryData) => Record<string, string>;
}

/** Percentiles and counts that the summary shows; no average, because averages mislead. */
const TREND_STATS = ['count', 'min', 'med', 'p(90)', 'p(95)', 'p(99)', 'max'];

/** Makes a k6 script of a plan. Init code only. Throws a ConfigurationError for what the user set wrongly. */
export function prepareTest(plan: TestPlan): Test {
  const read = readSettings(__ENV, plan.name);
  const settings: Settings =
    read.clientSecretFile === '' ? read : { ...read, clientSecret: open(read.clientSecretFile).trim() };
  const target = targetOf(settings);
  const population = openPopulation(settings.inventory);
  const { scenarios, planned } = plan.load(settings, population.facts);
  const offsets = sliceOffsets(planned);
  const time = humanTime(settings.timeScale);
  return {
    options: {
      scenarios: { ...scenarios },
      // Options are read from the first init run. Three hundred thresholds in every virtual user cost 50 KiB each on k6.
      thresholds: __VU > 1 ? {} : plan.thresholds(settings),
      summaryTrendStats: TREND_STATS,
      insecureSkipTLSVerify: settings.tlsSkipVerify,
      setupTimeout: '30s',
      // Mobile clients send no browser's User-Agent; this one says what it is.
      userAgent: 'pairstorm',
    },
    setup: () => preflight(target),
    play: (data) => playFlow({ settings, target, population, offsets, time }, data),
    handleSummary: (data) => ({ stdout: summary(plan.name, data) }),
  };
}
