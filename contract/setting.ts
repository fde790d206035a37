import { formatDuration, parseDuration } from './duration.ts';

/** Names of our scenarios, as in scenarios/. */
const SCENARIO_NAMES = ['smoke', 'load', 'soak', 'capacity', 'spike', 'resilience'] as const;
export type ScenarioName = (typeof SCENARIO_NAMES)[number];

/** Whether this is the name of one of our scenarios. */
export function isScenario(name: string): name is ScenarioName {
  return SCENARIO_NAMES.some((known) => known === name);
}

/** An error about a value, in words that follow `NAME is "value"; `. `whole`: the words are a complete sentence. */
export class Wrong {
  readonly words: string;
  readonly whole: boolean;
  constructor(words: string, whole = false) {
    this.words = words;
    this.whole = whole;
  }
}

/** Type of a value, for help and for hiding secrets. */
type Kind = 'text' | 'secret' | 'path' | 'url' | 'hosts' | 'flag' | 'choice' | 'list' | 'number' | 'whole' | 'duration';

/** How a value is parsed and described. */
export interface Parser<T> {
  readonly type: Kind;
  /** Allowed words. */
  readonly allowed?: readonly string[];
  /** Range of a number, or of a duration in milliseconds. */
  readonly min?: number;
  readonly max?: number;
  /** A value with this ending is the path of a file. */
  readonly fileEnding?: string;
  /** The value if nothing is given. */
  readonly none: T;
  /** Parses text, or a value given by a program. */
  readonly read: (given: unknown) => T | Wrong;
}

/** A value in a table: as text, or parsed. */
type Written = string | number | boolean | readonly string[];
type ByScenario<T> = Readonly<Partial<Record<ScenarioName, T>>>;

/** One setting, given by a variable, a flag, or a program. */
export interface Setting<T> {
  readonly name: string;
  readonly parse: Parser<T>;
  /** As text, or parsed; otherwise the parser's `none` applies. */
  readonly default?: Written;
  /** By scenario, if they differ. */
  readonly defaults?: ByScenario<Written>;
  /** Scenarios that it applies to, by default all; it is an error for others. */
  readonly scenarios?: readonly ScenarioName[];
  /** Values of another setting that it requires; it is an error with others. */
  readonly only?: Readonly<Record<string, readonly string[]>>;
  readonly unit?: string;
  /** For help and documentation. Stripped from bundles (webpack.config.js). */
  readonly meaning: string;
}

/** Settings by their fields. */
export type Table<V> = { readonly [K in keyof V]: Setting<V[K]> };

/** The parsed values of a table. */
export type ValuesOf<T> = { readonly [K in keyof T]: T[K] extends Setting<infer V> ? V : never };

/** A row of a table: the only place that defines a setting. */
export function setting<T>(name: string, row: Row<T>): Setting<T> {
  return { name, ...row };
}

type Row<T> = Omit<Setting<T>, 'name' | 'default' | 'defaults'> & {
  readonly default?: string | (NoInfer<T> & Written);
  readonly defaults?: ByScenario<string | (NoInfer<T> & Written)>;
};

const textOf = (type: Kind): Parser<string> => ({
  type,
  none: '',
  read: (given) => (typeof given === 'string' ? given : new Wrong('write some text')),
});

export const text = textOf('text');
export const secret = textOf('secret');
export const path = textOf('path');

/** A text that matches a pattern; `words` describes it. */
export function matching(form: RegExp, words: string, type: Kind = 'text'): Parser<string> {
  return {
    ...textOf(type),
    read: (given) => (typeof given === 'string' && form.test(given) ? given : new Wrong(`write ${words}`)),
  };
}

export const url = matching(
  /^https?:\/\/\S+$/,
  'a URL like https://sso.example.com:9031, in lower case and without spaces',
  'url',
);

/** A URL; trailing slashes are removed. */
export const baseUrl: Parser<string> = {
  ...url,
  read: (given) => {
    const read = url.read(given);
    return read instanceof Wrong ? read : read.replace(/\/+$/, '');
  },
};

/** `true` or `false`. */
export const flag: Parser<boolean> = {
  type: 'flag',
  none: false,
  read: (given) => {
    if (given === true || given === 'true') return true;
    return given === false || given === 'false' ? false : new Wrong('write true or false');
  },
};

/** One of a closed list of words. */
export function choice<const C extends string>(...allowed: readonly [C, ...C[]]): Parser<C> {
  const read = (given: unknown): C | Wrong =>
    allowed.find((word) => word === given) ?? new Wrong(`write ${orList(allowed)}`);
  return { type: 'choice', allowed, none: allowed[0], read };
}

/** What a parser accepts, or the path of a file with this ending. */
export function orFile(ending: string, parser: Parser<string>): Parser<string> {
  return {
    ...parser,
    fileEnding: ending,
    read: (given) => {
      if (typeof given === 'string' && given.endsWith(ending)) return given;
      const read = parser.read(given);
      return read instanceof Wrong ? new Wrong(`${read.words}, or the path of a file (${ending})`) : read;
    },
  };
}

/** Words of a closed list, separated by commas. */
export function list(allowed: readonly string[]): Parser<readonly string[]> {
  return {
    type: 'list',
    allowed,
    none: [],
    read: (given) => {
      const words = String(given)
        .split(',')
        .map((word) => word.trim());
      const stranger = words.find((word) => !allowed.includes(word));
      return stranger === undefined ? words : new Wrong(`"${stranger}" is not one of ${allowed.join(', ')}`);
    },
  };
}

/** A number in a range; `type` says whether it must be whole. */
export function number(min: number, max = Infinity, type: 'number' | 'whole' = 'number'): Parser<number> {
  const words = `write a ${type === 'whole' ? 'whole ' : ''}number ${rangeOf(min, max, String)}`;
  return {
    ...{ type, min, max, none: 0 },
    read: (given) => {
      const value = typeof given === 'string' && /^-?(\d+|\d*\.\d+)(e-?\d+)?$/i.test(given) ? Number(given) : given;
      const good = typeof value === 'number' && value >= min && value <= max && value < Infinity;
      return good && (type === 'number' || Number.isInteger(value)) ? value : new Wrong(words);
    },
  };
}

/** A whole number in a range. */
export function whole(min: number, max?: number): Parser<number> {
  return number(min, max, 'whole');
}

/** A duration in a range, parsed to milliseconds. */
export function duration(min: number, max = Infinity): Parser<number> {
  return {
    ...{ type: 'duration', min, max, none: 0 },
    read: (given) => {
      const ms = parseDuration(String(given));
      if (ms === undefined) return new Wrong('write a duration like 90s, 5m or 1h30m');
      return ms >= min && ms <= max
        ? ms
        : new Wrong(`write a duration ${rangeOf(min, max, formatDuration, 'of at least')}`);
    },
  };
}

/** An optional value: undefined if absent. */
export function optional<T>(parser: Parser<T>): Parser<T | undefined> {
  return { ...parser, none: undefined };
}

/** Text that a function parses; it reports errors to `complain`, in sentences that name the setting and no secret. */
export function parsedBy<T>(none: T, take: (text: string, complain: (fault: string) => void) => T): Parser<T> {
  return {
    ...{ type: 'text', none },
    read: (given) => {
      const faults: string[] = [];
      const value = take(String(given), (fault) => void faults.push(fault));
      return faults.length === 0 ? value : new Wrong(faults.join('; '), true);
    },
  };
}

function orList(words: readonly string[]): string {
  return words.length < 3 ? words.join(' or ') : `${words.slice(0, -1).join(', ')} or ${words[words.length - 1]!}`;
}

function rangeOf(min: number, max: number, shown: (value: number) => string, least = '≥'): string {
  return max === Infinity ? `${least} ${shown(min)}` : `from ${shown(min)} to ${shown(max)}`;
}

/** Types whose value is not printed if it may contain a secret, e.g. before or after the host of a URL. */
const MAY_HOLD_A_SECRET: Partial<Record<Kind, RegExp>> = {
  secret: /^/,
  url: /[/@?#]/,
  hosts: /[@?#]/,
};

/**
 * The parsed value of a setting, or an error that names the setting, and the value unless it may contain a secret.
 */
export function readValue<T>({ name, parse }: Setting<T>, given: unknown): T | Wrong {
  const value = parse.read(given);
  if (!(value instanceof Wrong) || value.whole) return value;
  const hidden = MAY_HOLD_A_SECRET[parse.type]?.test(String(given)) === true;
  return new Wrong(`${name} is ${hidden ? 'not usable' : JSON.stringify(given)}; ${value.words}`, true);
}

/** Default of a setting in a scenario, as text; `''`: none. */
export function defaultOf(setting: Setting<unknown>, scenario?: ScenarioName): string {
  return String(writtenIn(setting, scenario) ?? '');
}

function writtenIn(
  { default: always, defaults = {} }: Setting<unknown>,
  scenario: ScenarioName | undefined,
): Written | undefined {
  return scenario === undefined ? always : (defaults[scenario] ?? always);
}

/** What to read, and where to report errors. */
export interface Reading {
  /** The value given for a name; undefined or empty: none. */
  readonly given: (name: string) => unknown;
  readonly complain: (fault: string) => void;
  readonly scenario?: ScenarioName;
}

/** Parses all settings of a table. An invalid one is reported to `complain` and gets its default. */
export function readTable<V extends object>(table: Table<V>, { given, complain, scenario }: Reading): Readonly<V> {
  const valueOf = <T>(row: Setting<T>): T => {
    const said = given(row.name);
    const fallback = writtenIn(row, scenario);
    const unsaid = fallback === undefined ? row.parse.none : row.parse.read(fallback);
    const none = unsaid instanceof Wrong ? row.parse.none : unsaid;
    if (said === undefined || said === '') return none;
    if (scenario !== undefined && row.scenarios?.includes(scenario) === false) {
      complain(`${row.name} does not apply to ${scenario}; it applies to ${row.scenarios.join(', ')}`);
    }
    const value = readValue(row, said);
    if (!(value instanceof Wrong)) return value;
    complain(value.words);
    return none;
  };
  const values: Partial<V> = {};
  for (const field in table) values[field] = valueOf(table[field]);
  if (!holdsAll(values, table)) throw new Error('a setting was not read');
  return values;
}

function holdsAll<V extends object>(values: Partial<V>, table: Table<V>): values is V {
  return Object.keys(table).every((field) => field in values);
}
