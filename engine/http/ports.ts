import type { BlockList } from 'node:net';
import type { BuiltInName, GeneratorMetric } from '../../catalogue/metrics.ts';
import type { Tags } from '../../contract/series-counts.ts';
import type { ClientCertificate, TlsVersions } from './client-certificates.ts';
import type { HostOverride, HostPattern } from './hosts.ts';
import type { DnsSettings } from './name-lookup.ts';
import type { ProxyChoice } from './proxy.ts';

/** Constructors of the world that scripts live in, so that `instanceof` holds there. */
export interface ScriptRealm {
  readonly Promise: PromiseConstructor;
  readonly Error: ErrorConstructor;
  readonly TypeError: TypeErrorConstructor;
  readonly ArrayBuffer: ArrayBufferConstructor;
  readonly JSON: JSON;
}

/** Options that the client heeds, by k6's names (k6-contract.md 2.3). */
export interface HttpSettings {
  readonly userAgent: string;
  readonly maxRedirects: number;
  readonly discardResponseBodies: boolean;
  readonly noConnectionReuse: boolean;
  readonly noVUConnectionReuse: boolean;
  readonly noCookiesReset: boolean;
  readonly throw: boolean;
  /** Most requests a second of the whole process; 0: no limit. */
  readonly rps: number;
  readonly insecureSkipTLSVerify: boolean;
  readonly tlsAuth: readonly ClientCertificate[];
  readonly tlsVersion: TlsVersions;
  readonly hosts: readonly HostOverride[];
  readonly dns: DnsSettings;
  readonly blacklistIPs: BlockList | undefined;
  readonly blockHostnames: readonly HostPattern[];
}

/** Numbers that all threads see. */
export interface HttpCounts {
  readonly add: (field: 'connections', n: number) => void;
  readonly set: (field: 'bodyBytes', n: number) => void;
  /** Sum over all threads. */
  readonly total: (field: 'bodyBytes') => number;
}

/** What samples are added to. */
export interface Sink {
  readonly add: (value: number) => void;
}

/** The tags that a sample carries besides its own. The object is the set: it is the same one for the same tags. */
export interface SampleScope {
  readonly tags: Tags;
}

/** What the client needs of whom it works for: a run, in one of its threads. */
export interface HttpHost {
  readonly realm: ScriptRealm;
  /** Undefined until the options are read. */
  readonly settings: HttpSettings | undefined;
  readonly counts: HttpCounts;
  /** Number of threads that share what is limited for the whole process. */
  readonly threads: number;
  /** Which requests go through a proxy; undefined: none. */
  readonly proxyOf: ProxyChoice | undefined;
  /** Most connections to an origin that all callers of the process share; undefined: each has its own. */
  readonly sharedConnections: number | undefined;
  /** What all callers of the process may hold of answers under way, in bytes; undefined: the default. */
  readonly maxBodyMemory: number | undefined;
  readonly hasSystemTag: (name: string) => boolean;
  /** A series of what the load generator measures of itself. */
  readonly generatorSeries: (name: GeneratorMetric, tags: Tags) => Sink;
  /** A request failed, and the script was answered so. */
  readonly requestFailed: (text: string, code: number) => void;
  /** The script asked for what the client does not have. */
  readonly unsupported: (message: string) => never;
}

/** On whose behalf requests are made: a virtual user. A request that ends in a later epoch than it began in is nobody's. */
export interface Caller {
  readonly epoch: number;
  /** True while code of the script runs, which alone may send requests. */
  readonly busy: boolean;
  readonly scope: SampleScope;
  /** The series of a metric in the scope of now; `own`: the sample's own tags. */
  readonly series: (metric: BuiltInName, own?: Tags) => Sink;
  readonly taskStarted: () => void;
  /** To be called before the script hears of the end. */
  readonly taskEnded: (epoch: number) => void;
}
