import { ConfigurationError } from '../contract/configuration-error.ts';
import {
  hostPattern,
  readBlockedAddresses,
  readClientCertificates,
  readDns,
  readHosts,
  readTlsVersions,
} from './connection-options.ts';
import { segment, segmentSequence } from './executors/execution-segment.ts';
import { DEFAULT_SYSTEM_TAGS, OPTIONAL_SYSTEM_TAGS } from './metrics/system-tags.ts';
import {
  count,
  durationField,
  flagField,
  listField,
  objectField,
  oneOfField,
  positiveDuration,
  stages,
  stringMap,
  textField,
  trendStat,
} from './option-fields.ts';
import type { ReadOption } from './option-fields.ts';
import { flagText, listText, mapText, numberText, plainText, stagesText } from './option-text.ts';
import type { FromText } from './option-text.ts';

/** An option of k6: how to read it, its default, and where else it can be set. */
interface OptionRow<T = unknown> {
  readonly read: ReadOption<T>;
  /** Default; durations in milliseconds. */
  readonly fallback: T;
  /** Parses flag and variable; without it there are none. */
  readonly fromText?: FromText;
  /** The flag as shown in help. */
  readonly flag?: string;
  readonly environment?: string;
  /** Only a flag or variable can set it, not a script or configuration file. */
  readonly outside?: true;
  readonly meaning: string;
}

/** Options that define the load: a layer that sets one discards those of all lower layers (k6-contract.md 2.2). */
export const LOAD_OPTIONS = ['duration', 'iterations', 'stages', 'scenarios'] as const;

/** Load options at the top level, which become a single scenario named `default`. */
export const SHORTCUTS = {
  vus: {
    read: count(1),
    fallback: 1,
    fromText: numberText,
    flag: '-u, --vus <n>',
    environment: 'K6_VUS',
    meaning: "virtual users; alone over the script's scenarios, replaces them by as many iterations",
  },
  duration: {
    read: positiveDuration,
    fallback: 0,
    fromText: plainText,
    flag: '-d, --duration <time>',
    environment: 'K6_DURATION',
    meaning: "length of the run with constant VUs; replaces the script's scenarios",
  },
  iterations: {
    read: count(1),
    fallback: 1,
    fromText: numberText,
    flag: '-i, --iterations <n>',
    environment: 'K6_ITERATIONS',
    meaning: "total iterations, shared among all VUs; replaces the script's scenarios",
  },
  stages: {
    read: stages,
    fallback: [],
    fromText: stagesText,
    flag: '-s, --stage <time:vus>',
    environment: 'K6_STAGES',
    meaning: "ramp to this many VUs; repeatable; replaces the script's scenarios",
  },
} as const satisfies Record<string, OptionRow>;

/** All other options (k6-contract.md 2.3). */
export const OPTIONS = {
  selectedScenarios: {
    read: listField(textField),
    fallback: [],
    fromText: listText,
    flag: '--scenario <a,b>',
    outside: true,
    meaning: 'run only these scenarios of the script',
  },
  once: {
    read: flagField,
    fallback: false,
    fromText: flagText,
    flag: '--once',
    outside: true,
    meaning: 'run a single iteration of the only scenario, with its exec, env and tags',
  },
  setupTimeout: {
    read: positiveDuration,
    fallback: 60_000,
    fromText: plainText,
    environment: 'K6_SETUP_TIMEOUT',
    meaning: 'time limit of setup()',
  },
  teardownTimeout: {
    read: positiveDuration,
    fallback: 60_000,
    fromText: plainText,
    environment: 'K6_TEARDOWN_TIMEOUT',
    meaning: 'time limit of teardown()',
  },
  handleSummaryTimeout: {
    read: positiveDuration,
    fallback: 120_000,
    fromText: plainText,
    environment: 'K6_HANDLE_SUMMARY_TIMEOUT',
    meaning: 'time limit of handleSummary()',
  },
  minIterationDuration: {
    read: durationField,
    fallback: 0,
    fromText: plainText,
    flag: '--min-iteration-duration <time>',
    environment: 'K6_MIN_ITERATION_DURATION',
    meaning: 'minimum time between two iteration starts of a VU',
  },
  thresholds: { read: objectField, fallback: {}, meaning: 'pass or fail criteria' },
  tags: {
    read: stringMap,
    fallback: {},
    fromText: mapText,
    flag: '--tag <name=value>',
    environment: 'K6_TAGS',
    meaning: "a tag for every sample; repeatable; replaces the script's tags",
  },
  systemTags: {
    read: listField(systemTag),
    fallback: DEFAULT_SYSTEM_TAGS,
    fromText: listText,
    flag: '--system-tags <a,b>',
    environment: 'K6_SYSTEM_TAGS',
    meaning: 'the tags that the engine sets',
  },
  summaryTrendStats: {
    read: listField(trendStat),
    fallback: ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)'],
    fromText: listText,
    flag: '--summary-trend-stats <a,b>',
    environment: 'K6_SUMMARY_TREND_STATS',
    meaning: 'statistics of trends in the summary: avg, min, med, max, count, p(N)',
  },
  summaryTimeUnit: {
    read: oneOfField('', 's', 'ms', 'us'),
    fallback: '',
    fromText: plainText,
    flag: '--summary-time-unit <unit>',
    environment: 'K6_SUMMARY_TIME_UNIT',
    meaning: 'time unit of the summary: s, ms or us',
  },
  summaryMode: {
    read: oneOfField('compact', 'full', 'disabled'),
    fallback: 'compact',
    fromText: plainText,
    flag: '--summary-mode <mode>',
    environment: 'K6_SUMMARY_MODE',
    outside: true,
    meaning: 'compact, full, or disabled (which also skips handleSummary)',
  },
  noSetup: {
    read: flagField,
    fallback: false,
    fromText: flagText,
    flag: '--no-setup',
    environment: 'K6_NO_SETUP',
    outside: true,
    meaning: 'skip setup()',
  },
  noTeardown: {
    read: flagField,
    fallback: false,
    fromText: flagText,
    flag: '--no-teardown',
    environment: 'K6_NO_TEARDOWN',
    outside: true,
    meaning: 'skip teardown()',
  },
  noThresholds: {
    read: flagField,
    fallback: false,
    fromText: flagText,
    flag: '--no-thresholds',
    environment: 'K6_NO_THRESHOLDS',
    outside: true,
    meaning: 'do not evaluate thresholds',
  },
  executionSegment: {
    read: segment,
    fallback: undefined,
    fromText: plainText,
    flag: '--execution-segment <from:to>',
    environment: 'K6_EXECUTION_SEGMENT',
    meaning: 'run only this segment of the load, such as 1/4:1/2; other machines run the rest',
  },
  executionSegmentSequence: {
    read: segmentSequence,
    fallback: undefined,
    fromText: plainText,
    flag: '--execution-segment-sequence <borders>',
    environment: 'K6_EXECUTION_SEGMENT_SEQUENCE',
    meaning: 'boundaries of all segments, such as 0,1/4,1/2,1; the same on every machine',
  },
  rps: {
    read: count(0),
    fallback: 0,
    fromText: numberText,
    flag: '--rps <n>',
    environment: 'K6_RPS',
    meaning: 'maximum requests per second, over all VUs of the process; 0 means no limit',
  },
  maxRedirects: {
    read: count(0),
    fallback: 10,
    fromText: numberText,
    flag: '--max-redirects <n>',
    environment: 'K6_MAX_REDIRECTS',
    meaning: 'maximum number of redirects a request follows',
  },
  userAgent: {
    read: textField,
    fallback: 'Pairstorm/0.1 (k6-compatible)',
    fromText: plainText,
    flag: '--user-agent <text>',
    environment: 'K6_USER_AGENT',
    meaning: 'default User-Agent header',
  },
  throw: {
    read: flagField,
    fallback: false,
    fromText: flagText,
    flag: '-w, --throw',
    environment: 'K6_THROW',
    meaning: 'throw an exception when a request fails',
  },
  discardResponseBodies: {
    read: flagField,
    fallback: false,
    fromText: flagText,
    flag: '--discard-response-bodies',
    environment: 'K6_DISCARD_RESPONSE_BODIES',
    meaning: 'discard response bodies unless a request asks for its body',
  },
  noCookiesReset: {
    read: flagField,
    fallback: false,
    fromText: flagText,
    environment: 'K6_NO_COOKIES_RESET',
    meaning: 'keep cookies between iterations',
  },
  noConnectionReuse: {
    read: flagField,
    fallback: false,
    fromText: flagText,
    flag: '--no-connection-reuse',
    environment: 'K6_NO_CONNECTION_REUSE',
    meaning: 'open a new connection for each request',
  },
  noVUConnectionReuse: {
    read: flagField,
    fallback: false,
    fromText: flagText,
    flag: '--no-vu-connection-reuse',
    environment: 'K6_NO_VU_CONNECTION_REUSE',
    meaning: 'close connections at the end of each iteration',
  },
  insecureSkipTLSVerify: {
    read: flagField,
    fallback: false,
    fromText: flagText,
    flag: '--insecure-skip-tls-verify',
    environment: 'K6_INSECURE_SKIP_TLS_VERIFY',
    meaning: "do not verify the server's certificate",
  },
  tlsAuth: { read: readClientCertificates, fallback: [], meaning: 'client certificates' },
  tlsVersion: { read: readTlsVersions, fallback: {}, meaning: 'TLS versions' },
  hosts: { read: readHosts, fallback: [], meaning: 'overrides of DNS: addresses for host names' },
  dns: {
    read: readDns,
    fallback: { ttlMs: 300_000, select: 'random', policy: 'preferIPv4' },
    fromText: mapText,
    flag: '--dns <ttl=5m,select=random,policy=preferIPv4>',
    environment: 'K6_DNS',
    meaning: 'how names become addresses: how long an answer holds, which address a connection takes, which family',
  },
  blacklistIPs: {
    read: readBlockedAddresses,
    fallback: undefined,
    fromText: listText,
    flag: '--blacklist-ip <range>',
    environment: 'K6_BLACKLIST_IPS',
    meaning: 'blocked address ranges (CIDR); repeatable',
  },
  blockHostnames: {
    read: listField(hostPattern),
    fallback: [],
    fromText: listText,
    flag: '--block-hostnames <a,*.b>',
    environment: 'K6_BLOCK_HOSTNAMES',
    meaning: 'blocked host names',
  },
} as const satisfies Record<string, OptionRow>;

/** Options of k6 without effect here. */
export const WITHOUT_EFFECT = ['noUsageReport', 'cloud', 'ext', 'batch', 'batchPerHost'] as const;

/** Options of k6 that the engine does not support, with their variables; they are rejected rather than ignored. */
export const NOT_SUPPORTED: Readonly<Record<string, string | undefined>> = {
  paused: 'K6_PAUSED',
  tlsCipherSuites: undefined,
  tlsAIAFetch: undefined,
  httpDebug: 'K6_HTTP_DEBUG',
  linger: 'K6_LINGER',
  localIPs: 'K6_LOCAL_IPS',
};

/** The row of an option or shortcut; undefined for `scenarios` and unknown names. */
export function rowOf(name: string): OptionRow | undefined {
  if (Object.hasOwn(OPTIONS, name)) return OPTIONS[name as keyof typeof OPTIONS];
  return Object.hasOwn(SHORTCUTS, name) ? SHORTCUTS[name as keyof typeof SHORTCUTS] : undefined;
}

/** All options and shortcuts. */
export function rows(): readonly (readonly [name: string, row: OptionRow])[] {
  return Object.entries({ ...SHORTCUTS, ...OPTIONS });
}

function systemTag(value: unknown, place: string): (typeof DEFAULT_SYSTEM_TAGS)[number] {
  if ((OPTIONAL_SYSTEM_TAGS as readonly unknown[]).includes(value)) {
    throw new ConfigurationError(
      `${place} is ${JSON.stringify(value)}, a tag that this engine does not set; tags: ${DEFAULT_SYSTEM_TAGS.join(', ')}`,
    );
  }
  return oneOfField(...DEFAULT_SYSTEM_TAGS)(value, place);
}
