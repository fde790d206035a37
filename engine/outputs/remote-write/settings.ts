import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { ConfigurationError } from '../../../contract/configuration-error.ts';
import { didYouMean } from '../../../contract/nearest.ts';
import { choice, duration, flag, parsedBy, path, readTable, secret, setting, text } from '../../../contract/setting.ts';
import type { ValuesOf } from '../../../contract/setting.ts';
import { DEFAULT_TREND_STATS } from '../prometheus/trend-stats.ts';
import { HEADER, PREFIX, headersOf, pairsOf } from './headers.ts';

/** All variables (k6-contract.md 8.3). Secrets come from the environment only. */
export const REMOTE_WRITE_SETTINGS = {
  url: setting(`${PREFIX}SERVER_URL`, {
    parse: text,
    default: 'http://localhost:9090/api/v1/write',
    meaning: 'URL of the receiver',
  }),
  pushIntervalMs: setting(`${PREFIX}PUSH_INTERVAL`, {
    parse: duration(100),
    default: '5s',
    meaning: 'push interval',
  }),
  // Also used for scraping: read where outputs are opened (cli/metric-outputs.ts).
  trendStats: setting(`${PREFIX}TREND_STATS`, {
    parse: text,
    default: DEFAULT_TREND_STATS,
    meaning: 'statistics of trends',
  }),
  username: setting(`${PREFIX}USERNAME`, { parse: text, meaning: 'user name for HTTP basic authentication' }),
  password: setting(`${PREFIX}PASSWORD`, { parse: secret, meaning: 'password for HTTP basic authentication' }),
  bearerToken: setting(`${PREFIX}BEARER_TOKEN`, {
    parse: secret,
    meaning: 'bearer token, instead of user name and password',
  }),
  httpHeaders: setting(`${PREFIX}HTTP_HEADERS`, {
    parse: parsedBy({}, (list, complain) => pairsOf(list, ':', `${PREFIX}HTTP_HEADERS`, complain)),
    meaning: 'additional headers, `name:value,…`; or one per variable `K6_PROMETHEUS_RW_HEADERS_<name>`',
  }),
  labels: setting(`${PREFIX}LABELS`, {
    parse: parsedBy({}, (list, complain) => pairsOf(list, '=', `${PREFIX}LABELS`, complain)),
    meaning: 'labels of every series, `name=value,…`; tags take precedence. `instance` defaults to the host name',
  }),
  tlsSkipVerify: setting(`${PREFIX}INSECURE_SKIP_TLS_VERIFY`, {
    parse: flag,
    meaning: '`true`: do not verify the receiver’s certificate',
  }),
  tlsVersion: setting(`${PREFIX}TLS_MINIMUM_VERSION`, {
    parse: choice('1.2', '1.3'),
    default: '1.3',
    meaning: '`1.2` or `1.3`',
  }),
  certFile: setting(`${PREFIX}CLIENT_CERTIFICATE`, { parse: path, meaning: 'client certificate file, PEM' }),
  keyFile: setting(`${PREFIX}CLIENT_CERTIFICATE_KEY`, {
    parse: path,
    meaning: 'key file of the client certificate, PEM',
  }),
  staleMarkers: setting(`${PREFIX}STALE_MARKERS`, {
    parse: flag,
    meaning: '`true`: mark every series as stale at the end, so that it does not linger for five minutes',
  }),
};

/** k6's variables that this engine does not support. */
export const NOT_SUPPORTED_VARIABLES = [
  'TREND_AS_NATIVE_HISTOGRAM',
  'SIGV4_REGION',
  'SIGV4_ACCESS_KEY',
  'SIGV4_SECRET_KEY',
].map((name) => PREFIX + name);

type Values = ValuesOf<typeof REMOTE_WRITE_SETTINGS>;

/** Where and how to send metrics: `--out prometheus-rw=URL` and the K6_PROMETHEUS_RW_* variables. */
export interface RemoteWriteTarget extends Pick<Values, 'url' | 'pushIntervalMs' | 'labels' | 'staleMarkers'> {
  readonly kind: 'prometheus-rw';
  /** Headers of each request, including authentication. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: {
    readonly rejectUnauthorized: boolean;
    readonly minVersion: `TLSv${Values['tlsVersion']}`;
    readonly cert?: Buffer | undefined;
    readonly key?: Buffer | undefined;
  };
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the target. `url`: from the flag, if given. Throws a ConfigurationError that lists all errors and quotes no
 * secrets.
 */
export function readRemoteWriteTarget(url: string | undefined, environment: Environment): RemoteWriteTarget {
  const faults = unknownVariables(environment);
  const complain = (fault: string): void => void faults.push(fault);
  const values = readTable(REMOTE_WRITE_SETTINGS, { given: (name) => environment[name], complain });
  const { pushIntervalMs, labels, tlsSkipVerify, tlsVersion, certFile, keyFile, staleMarkers } = values;
  const headers = headersOf(values, environment, complain);
  if ((certFile === '') !== (keyFile === '')) complain(`${PREFIX}CLIENT_CERTIFICATE and …_KEY must be set together`);
  if (faults.length > 0) throw new ConfigurationError(faults.join('; '));
  return {
    kind: 'prometheus-rw',
    url: url === undefined ? readUrl(values.url, REMOTE_WRITE_SETTINGS.url.name) : readUrl(url, '--out prometheus-rw'),
    ...{ pushIntervalMs, headers, labels, staleMarkers },
    tls: {
      rejectUnauthorized: !tlsSkipVerify,
      minVersion: `TLSv${tlsVersion}`,
      ...(certFile === '' ? {} : readClientCertificate(certFile, keyFile)),
    },
  };
}

/** A variable without effect is an error, because its user relies on it. */
function unknownVariables(environment: Environment): string[] {
  const known = Object.values(REMOTE_WRITE_SETTINGS).map(({ name }) => name);
  return Object.entries(environment).flatMap(([variable, value = '']) => {
    const isHeader = variable.startsWith(HEADER) && variable !== HEADER;
    if (!variable.startsWith(PREFIX) || value === '' || isHeader || known.includes(variable)) return [];
    if (!NOT_SUPPORTED_VARIABLES.includes(variable))
      return [`${variable} is not a setting of prometheus-rw${didYouMean(variable, known)}; unset it`];
    return value === 'false'
      ? []
      : [`${variable} is not supported by this engine; unset it, or run the script with k6`];
  });
}

function readUrl(text: string, place: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new ConfigurationError(
      `${place} is not a URL for remote write; write, for example, http://127.0.0.1:9090/api/v1/write`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new ConfigurationError(
      `${place}: do not put credentials into the URL; set ${PREFIX}USERNAME and ${PREFIX}PASSWORD in the environment`,
    );
  }
  return url.href;
}

function readClientCertificate(certFile: string, keyFile: string): { readonly cert: Buffer; readonly key: Buffer } {
  const pair = { cert: fileOf(certFile, 'CLIENT_CERTIFICATE'), key: fileOf(keyFile, 'CLIENT_CERTIFICATE_KEY') };
  try {
    createSecureContext(pair);
  } catch (error) {
    throw new ConfigurationError(
      `${PREFIX}CLIENT_CERTIFICATE: ${certFile} and ${keyFile} cannot be used together (${(error as NodeJS.ErrnoException).code ?? ''}); use a certificate and its key, both in PEM`,
    );
  }
  return pair;
}

function fileOf(path: string, name: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new ConfigurationError(
      `${PREFIX}${name}: cannot read ${path} (${(error as NodeJS.ErrnoException).code ?? ''})`,
    );
  }
}
