import { ConfigurationError } from '../contract/configuration-error.ts';
import {
  hostPattern,
  readBlockedAddresses,
  readClientCertificates,
  readHosts,
  readTlsVersions,
} from './connection-options.ts';
import { segment, segmentSequence } from './executors/execution-segment.ts';
import { DEFAULT_SYSTEM_TAGS, OPTIONAL_SYSTEM_TAGS } from './metrics/system-tags.ts';
import {
  count,
  duration,
  flag,
  list,
  object,
  oneOf,
  positiveDuration,
  stages,
  stringMap,
  text,
} from './option-fields.ts';
import type { ReadOption } from './option-fields.ts';
import { flagText, listText, mapText, numberText, plainText, stagesText } from './option-text.ts';
import type { FromText } from './option-text.ts';

/** One option of k6: how it is read, its default, and where it can be set beside the script. */
export interface OptionRow<T = unknown> {
  readonly read: ReadOption<T>;
  /** What holds when nobody sets it; durations in milliseconds. */
  readonly fallback: T;
  /** How a flag and a variable write it; without it neither exists. */
  readonly fromText?: FromText;
  /** The flag, as a command line shows it. */
  readonly flag?: string;
  readonly environment?: string;
  /** Only a flag or a variable sets it, never a script or a configuration file. */
  readonly outside?: true;
  readonly meaning: string;
}

/** What load is made: a layer that sets one of these discards those of all lower layers (k6-contract.md 2.2). */
export const LOAD_OPTIONS = ['duration', 'iterations', 'stages', 'scenarios'] as const;

/** Options of load at the top level; they become one scenario named `default`. */
export const SHORTCUTS = {
  vus: {
    read: count(1),
    fallback: 1,
    fromText: numberText,
    flag: '-u, --vus <n>',
    environment: 'K6_VUS',
    meaning: 'virtual users',
  },
  duration: {
    read: positiveDuration,
    fallback: 0,
    fromText: plainText,
    flag: '-d, --duration <time>',
    environment: 'K6_DURATION',
    meaning: "keep the virtual users busy for so long; replaces the script's scenarios",
  },
  iterations: {
    read: count(1),
    fallback: 1,
    fromText: numberText,
    flag: '-i, --iterations <n>',
    environment: 'K6_ITERATIONS',
    meaning: "iterations that all virtual users share; replaces the script's scenarios",
  },
  stages: {
    read: stages,
    fallback: [],
    fromText: stagesText,
    flag: '-s, --stage <time:vus>',
    environment: 'K6_STAGES',
    meaning: "ramp to this many VUs; may be repeated; replaces the script's scenarios",
  },
} as const satisfies Record<string, OptionRow>;

/** All other options (k6-contract.md 2.3). */
export const OPTIONS = {
  selectedScenarios: {
    read: list(text),
    fallback: [],
    fromText: listText,
    flag: '--scenario <a,b>',
    outside: true,
    meaning: 'run only these scenarios of the script',
  },
  once: {
    read: flag,
    fallback: false,
    fromText: flagText,
    flag: '--once',
    outside: true,
    meaning: 'one iteration of the one scenario, with its exec, env and tags',
  },
  setupTimeout: {
    read: positiveDuration,
    fallback: 60_000,
    fromText: plainText,
    environment: 'K6_SETUP_TIMEOUT',
    meaning: 'longest setup()',
  },
  teardownTimeout: {
    read: positiveDuration,
    fallback: 60_000,
    fromText: plainText,
    environment: 'K6_TEARDOWN_TIMEOUT',
    meaning: 'longest teardown()',
  },
  handleSummaryTimeout: {
    read: positiveDuration,
    fallback: 120_000,
    fromText: plainText,
    environment: 'K6_HANDLE_SUMMARY_TIMEOUT',
    meaning: 'longest handleSummary()',
  },
  minIterationDuration: {
    read: duration,
    fallback: 0,
    fromText: plainText,
    flag: '--min-iteration-duration <time>',
    environment: 'K6_MIN_ITERATION_DURATION',
    meaning: 'shortest time from one start of a VU to its next',
  },
  thresholds: { read: object, fallback: {}, meaning: 'pass or fail criteria' },
  tags: {
    read: stringMap,
    fallback: {},
    fromText: mapText,
    flag: '--tag <name=value>',
    environment: 'K6_TAGS',
    meaning: "a tag of every sample; may be repeated; replaces the script's tags",
  },
  systemTags: {
    read: list(systemTag),
    fallback: DEFAULT_SYSTEM_TAGS,
    fromText: listText,
    flag: '--system-tags <a,b>',
    environment: 'K6_SYSTEM_TAGS',
    meaning: 'the tags that the engine sets',
  },
  summaryTrendStats: {
    read: list(trendStat),
    fallback: ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)'],
    fromText: listText,
    flag: '--summary-trend-stats <a,b>',
    environment: 'K6_SUMMARY_TREND_STATS',
    meaning: 'what the summary shows of a trend: avg, min, med, max, count, p(N)',
  },
  summaryTimeUnit: {
    read: oneOf('', 's', 'ms', 'us'),
    fallback: '',
    fromText: plainText,
    flag: '--summary-time-unit <unit>',
    environment: 'K6_SUMMARY_TIME_UNIT',
    meaning: 'times of the summary in s, ms or us',
  },
  summaryMode: {
    read: oneOf('compact', 'full', 'disabled'),
    fallback: 'compact',
    fromText: plainText,
    flag: '--summary-mode <mode>',
    environment: 'K6_SUMMARY_MODE',
    outside: true,
    meaning: 'compact, full, or disabled (no handleSummary either)',
  },
  noSetup: {
    read: flag,
    fallback: false,
    fromText: flagText,
    flag: '--no-setup',
    environment: 'K6_NO_SETUP',
    outside: true,
    meaning: 'leave out setup()',
  },
  noTeardown: {
    read: flag,
    fallback: false,
    fromText: flagText,
    flag: '--no-teardown',
    environment: 'K6_NO_TEARDOWN',
    outside: true,
    meaning: 'leave out teardown()',
  },
  noThresholds: {
    read: flag,
    fallback: false,
    fromText: flagText,
    flag: '--no-thresholds',
    environment: 'K6_NO_THRESHOLDS',
    outside: true,
    meaning: 'judge no thresholds',
  },
  executionSegment: {
    read: segment,
    fallback: undefined,
    fromText: plainText,
    flag: '--execution-segment <from:to>',
    environment: 'K6_EXECUTION_SEGMENT',
    meaning: 'run only this part of the load, such as 1/4:1/2; other machines run the others',
  },
  executionSegmentSequence: {
    read: segmentSequence,
    fallback: undefined,
    fromText: plainText,
    flag: '--execution-segment-sequence <borders>',
    environment: 'K6_EXECUTION_SEGMENT_SEQUENCE',
    meaning: 'how the load is cut, such as 0,1/4,1/2,1; the same for every part',
  },
  rps: {
    read: count(0),
    fallback: 0,
    fromText: numberText,
    flag: '--rps <n>',
    environment: 'K6_RPS',
    meaning: 'most requests a second, over all virtual users of the process; 0 means no limit',
  },
  maxRedirects: {
    read: count(0),
    fallback: 10,
    fromText: numberText,
    flag: '--max-redirects <n>',
    environment: 'K6_MAX_REDIRECTS',
    meaning: 'redirects that a request follows',
  },
  userAgent: {
    read: text,
    fallback: 'Pairstorm/0.1 (k6-compatible)',
    fromText: plainText,
    flag: '--user-agent <text>',
    environment: 'K6_USER_AGENT',
    meaning: 'User-Agent of requests that set none',
  },
  throw: {
    read: flag,
    fallback: false,
    fromText: flagText,
    flag: '-w, --throw',
    environment: 'K6_THROW',
    meaning: 'a failed request throws',
  },
  discardResponseBodies: {
    read: flag,
    fallback: false,
    fromText: flagText,
    flag: '--discard-response-bodies',
    environment: 'K6_DISCARD_RESPONSE_BODIES',
    meaning: 'keep no body unless the request asks for it',
  },
  noCookiesReset: {
    read: flag,
    fallback: false,
    fromText: flagText,
    environment: 'K6_NO_COOKIES_RESET',
    meaning: 'cookies outlive the iteration',
  },
  noConnectionReuse: {
    read: flag,
    fallback: false,
    fromText: flagText,
    flag: '--no-connection-reuse',
    environment: 'K6_NO_CONNECTION_REUSE',
    meaning: 'a connection of its own for each request',
  },
  noVUConnectionReuse: {
    read: flag,
    fallback: false,
    fromText: flagText,
    flag: '--no-vu-connection-reuse',
    environment: 'K6_NO_VU_CONNECTION_REUSE',
    meaning: 'connections end with the iteration',
  },
  insecureSkipTLSVerify: {
    read: flag,
    fallback: false,
    fromText: flagText,
    flag: '--insecure-skip-tls-verify',
    environment: 'K6_INSECURE_SKIP_TLS_VERIFY',
    meaning: "do not check the server's certificate",
  },
  tlsAuth: { read: readClientCertificates, fallback: [], meaning: 'client certificates' },
  tlsVersion: { read: readTlsVersions, fallback: {}, meaning: 'versions of TLS' },
  hosts: { read: readHosts, fallback: [], meaning: 'other addresses for hosts' },
  blacklistIPs: {
    read: readBlockedAddresses,
    fallback: undefined,
    fromText: listText,
    flag: '--blacklist-ip <range>',
    environment: 'K6_BLACKLIST_IPS',
    meaning: 'addresses that no request may reach, as CIDR ranges; may be repeated',
  },
  blockHostnames: {
    read: list(hostPattern),
    fallback: [],
    fromText: listText,
    flag: '--block-hostnames <a,*.b>',
    environment: 'K6_BLOCK_HOSTNAMES',
    meaning: 'hosts that no request may reach',
  },
} as const satisfies Record<string, OptionRow>;

/** Options of k6 that mean nothing here, whatever their value. */
export const WITHOUT_EFFECT = ['noUsageReport', 'cloud', 'ext', 'batch', 'batchPerHost'] as const;

/** Options of k6 that the engine lacks: who sets one is refused rather than served differently; with their variables. */
export const NOT_SUPPORTED: Readonly<Record<string, string | undefined>> = {
  paused: 'K6_PAUSED',
  tlsCipherSuites: undefined,
  tlsAIAFetch: undefined,
  dns: 'K6_DNS',
  httpDebug: 'K6_HTTP_DEBUG',
  linger: 'K6_LINGER',
  localIPs: 'K6_LOCAL_IPS',
};

/** The row of an option, shortcut or not; `undefined` for `scenarios` and for what is not an option. */
export function rowOf(name: string): OptionRow | undefined {
  if (Object.hasOwn(OPTIONS, name)) return OPTIONS[name as keyof typeof OPTIONS];
  return Object.hasOwn(SHORTCUTS, name) ? SHORTCUTS[name as keyof typeof SHORTCUTS] : undefined;
}

/** Every option that a flag or a variable can set. */
export function rows(): readonly (readonly [name: string, row: OptionRow])[] {
  return Object.entries({ ...SHORTCUTS, ...OPTIONS });
}

function systemTag(value: unknown, place: string): (typeof DEFAULT_SYSTEM_TAGS)[number] {
  if ((OPTIONAL_SYSTEM_TAGS as readonly unknown[]).includes(value)) {
    throw new ConfigurationError(
      `${place} is ${JSON.stringify(value)}, a tag that this engine does not set; tags: ${DEFAULT_SYSTEM_TAGS.join(', ')}`,
    );
  }
  return oneOf(...DEFAULT_SYSTEM_TAGS)(value, place);
}

function trendStat(value: unknown, place: string): string {
  const stat = text(value, place);
  const percentile = /^p\((\d+(?:\.\d+)?)\)$/.exec(stat)?.[1];
  if (['avg', 'min', 'med', 'max', 'count'].includes(stat) || (percentile !== undefined && Number(percentile) <= 100))
    return stat;
  throw new ConfigurationError(
    `${place} is ${JSON.stringify(stat)}; expected avg, min, med, max, count or p(N), 0 ≤ N ≤ 100`,
  );
}
