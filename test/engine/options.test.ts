import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import { consolidate } from '../../engine/consolidate.ts';
import type { OptionLayer } from '../../engine/consolidate.ts';
import { readOptions } from '../../engine/options.ts';
import { runScript, serve, value } from './script-fixture.ts';

const layers = (given: Partial<Record<OptionLayer['source'], Record<string, unknown>>>): OptionLayer[] =>
  Object.entries(given).map(([source, values]) => ({ source: source as OptionLayer['source'], values }));

const SCENARIOS = {
  peak: { executor: 'per-vu-iterations', vus: 3 },
  soak: { executor: 'constant-vus', duration: '1s' },
};

interface Precedence {
  readonly title: string;
  readonly given: Parameters<typeof layers>[0];
  readonly options: Record<string, unknown>;
  readonly warns?: RegExp;
}

const PRECEDENCE: readonly Precedence[] = [
  {
    title: 'a flag wins over the environment, that over the script, that over the configuration file',
    given: {
      flags: { vus: 4 },
      config: { vus: 1, rps: 1 },
      environment: { vus: 3, maxRedirects: 3 },
      script: { vus: 2, maxRedirects: 2 },
    },
    options: { vus: 4, maxRedirects: 3, rps: 1 },
  },
  {
    title: '--iterations over scenarios leaves one scenario, and a warning that names those it replaced',
    given: { script: { scenarios: SCENARIOS, throw: true }, flags: { iterations: 5 } },
    options: { iterations: 5, throw: true },
    warns: /^--iterations replaced the scenarios below \(peak, soak\)/,
  },
  {
    title: '--vus alone over scenarios leaves one scenario too, of as many iterations, and says so (k6 since v2.1)',
    given: { script: { scenarios: SCENARIOS, throw: true }, flags: { vus: 3 } },
    options: { vus: 3, iterations: 3, throw: true },
    warns:
      /^--vus replaced the scenarios below \(peak, soak\): one named default runs instead \(3 VUs, as many iterations in total\)/,
  },
  {
    title: 'so does K6_VUS; a flag that sets the load then counts',
    given: { script: { scenarios: SCENARIOS }, environment: { vus: 4 }, flags: { duration: '2s' } },
    options: { vus: 4, duration: '2s' },
    warns: /^K6_VUS replaced the scenarios below \(peak, soak\)/,
  },
  {
    title: '--vus over any other load is its number of VUs',
    given: { script: { vus: 1, iterations: 9 }, flags: { vus: 3 } },
    options: { vus: 3, iterations: 9 },
  },
  {
    title: '--duration over iterations and duration leaves the duration alone, and the VUs',
    given: { script: { vus: 9, iterations: 100, duration: '1m' }, flags: { duration: '5s' } },
    options: { vus: 9, duration: '5s' },
  },
  {
    title: 'K6_STAGES over a duration leaves the stages',
    given: { script: { duration: '1m' }, environment: { stages: [{ duration: '1s', target: 2 }] } },
    options: { stages: [{ duration: '1s', target: 2 }] },
  },
  {
    title: 'scenarios of the script take the place of a duration in the configuration file',
    given: { config: { duration: '1m' }, script: { scenarios: SCENARIOS } },
    options: { scenarios: SCENARIOS },
  },
  {
    title: '--tag replaces all tags of the script, nothing is merged',
    given: { script: { tags: { a: '1', b: '2' } }, flags: { tags: { c: '3' } } },
    options: { tags: { c: '3' } },
  },
  {
    title: 'what is null is not set',
    given: { script: { duration: '1m', rps: 5 }, environment: { duration: null, rps: null } },
    options: { duration: '1m', rps: 5 },
  },
];

describe('Options come together', () => {
  it.each(PRECEDENCE)('so that $title', ({ given, options, warns }) => {
    const both = [layers(given), layers(given).reverse()];
    for (const order of both) {
      const consolidated = consolidate(order);
      expect(consolidated.options).toEqual(options);
      if (warns === undefined) expect(consolidated.warnings).toEqual([]);
      else expect(consolidated.warnings).toEqual([expect.stringMatching(warns)]);
    }
  });
});

/** Any of the options that are not load, set or not. */
const someValues = fc.record(
  { rps: fc.nat(9), maxRedirects: fc.nat(9), throw: fc.boolean(), userAgent: fc.string() },
  { requiredKeys: [] },
);

it('Options of four layers come to what laying one over the other comes to, in whatever order they are given', () => {
  fc.assert(
    fc.property(
      someValues,
      someValues,
      someValues,
      someValues,
      fc.nat(),
      (config, script, environment, flags, turn) => {
        const given = layers({ config, script, environment, flags });
        const turned = [...given.slice(turn % 4), ...given.slice(0, turn % 4)];
        expect(consolidate(turned)).toEqual({
          options: { ...config, ...script, ...environment, ...flags },
          warnings: [],
        });
      },
    ),
  );
});

interface Shortcut {
  readonly options: Record<string, unknown>;
  readonly plan: Record<string, unknown>;
}

const SHORTCUTS: readonly Shortcut[] = [
  { options: {}, plan: { executor: 'shared-iterations', vus: 1, iterations: 1, maxDurationMs: 600_000 } },
  { options: { vus: 2, duration: '90s' }, plan: { executor: 'constant-vus', vus: 2, durationMs: 90_000 } },
  { options: { vus: 2, iterations: 6 }, plan: { executor: 'shared-iterations', vus: 2, iterations: 6 } },
  { options: { iterations: 6, duration: '20s' }, plan: { executor: 'shared-iterations', maxDurationMs: 20_000 } },
  {
    options: { vus: 2, stages: [{ duration: '1s', target: 5 }] },
    plan: {
      executor: 'ramping-vus',
      startVus: 2,
      stages: [{ durationMs: 1_000, target: 5 }],
      gracefulRampDownMs: 30_000,
    },
  },
  { options: { stages: [{ duration: 500, target: 5 }] }, plan: { executor: 'ramping-vus', startVus: 1 } },
];

describe('Options without scenarios', () => {
  it.each(SHORTCUTS)('$options become one scenario named default', ({ options, plan }) => {
    const { scenarios } = readOptions(options, () => undefined);
    expect(scenarios).toMatchObject([{ name: 'default', exec: 'default', ...plan }]);
  });
});

interface Refused {
  readonly given: Parameters<typeof layers>[0];
  readonly says: RegExp;
}

const REFUSED: readonly Refused[] = [
  {
    given: { script: { durtion: '1s' } },
    says: /^options\.durtion is not an option \(did you mean duration\?\); options: /,
  },
  { given: { config: { vuss: 1 } }, says: /^vuss in the configuration file is not an option \(did you mean vus\?\)/ },
  { given: { flags: { vus: 'many' } }, says: /^--vus is "many"; expected a whole number ≥ 1/ },
  { given: { environment: { vus: 0 } }, says: /^K6_VUS is 0; expected a whole number ≥ 1/ },
  { given: { environment: { duration: 'long' } }, says: /^K6_DURATION is "long"; expected a duration/ },
  { given: { flags: { stages: [{ duration: '1s', target: 'x' }] } }, says: /^--stage\[0\]\.target is "x"/ },
  { given: { script: { duration: '1s', stages: [] } }, says: /^options\.duration is.*|options\.stages is/ },
  {
    given: { flags: { duration: '1s', stages: [{ duration: '1s', target: 1 }] } },
    says: /^--duration and --stage cannot be combined/,
  },
  {
    given: { script: { scenarios: SCENARIOS, iterations: 1 } },
    says: /^options\.scenarios and options\.iterations cannot be combined/,
  },
  {
    given: { script: { scenarios: SCENARIOS, vus: 3 } },
    says: /^options\.vus has no effect on scenarios.*remove it, or set it in a scenario/,
  },
  {
    given: { script: { scenarios: SCENARIOS }, flags: { once: true, vus: 2 } },
    says: /^--once cannot be combined with --vus/,
  },
  {
    given: { script: { scenarios: SCENARIOS }, flags: { selectedScenarios: ['peek'] } },
    says: /^--scenario peek: .*did you mean peak\?/,
  },
  {
    given: { flags: { selectedScenarios: ['peak'], iterations: 1 } },
    says: /^--scenario cannot be combined with --iterations/,
  },
  {
    given: { script: { scenarios: SCENARIOS }, flags: { once: true } },
    says: /^--once runs one scenario, and there are 2 \(peak, soak\)/,
  },
  {
    given: { script: { noThresholds: true } },
    says: /^options\.noThresholds cannot be set there; write --no-thresholds/,
  },
  { given: { script: { paused: true } }, says: /^options\.paused is not supported by this engine/ },
  {
    given: { script: { systemTags: ['vu'] } },
    says: /^options\.systemTags\[0\] is "vu", a tag that this engine does not set/,
  },
  { given: { flags: { summaryTrendStats: ['p(101)'] } }, says: /^--summary-trend-stats\[0\] is "p\(101\)"/ },
  { given: { script: { scenarios: {} } }, says: /^options\.scenarios is empty/ },
];

describe('Options that cannot be used are refused, by name and place', () => {
  it.each(REFUSED)('$given', ({ given, says }) => {
    const { script = {}, ...others } = given;
    const read = () => readOptions(script, () => undefined, layers(others));
    expect(read).toThrow(says);
    expect(read).toThrow(ConfigurationError);
  });
});

const TWO = `
  const exec = require('k6/execution');
  exports.options = {
    scenarios: {
      a: { executor: 'per-vu-iterations', iterations: 3, exec: 'one', env: { X: 'ax' }, tags: { t: 'ta' } },
      b: { executor: 'per-vu-iterations', iterations: 3, exec: 'one' },
    },
    thresholds: { 'iterations{scenario:b}': ['count>0'], iterations: ['count>0'] },
  };
  exports.one = () => console.log(exec.scenario.name, __ENV.X);
  exports.default = () => console.log('default', exec.scenario.name);
  exports.setup = () => console.log('setup');
  exports.teardown = () => console.log('teardown');
`;
const flags = (values: Record<string, unknown>) => ({ optionLayers: layers({ flags: values }) });

describe('Options have their effect:', () => {
  it('--iterations runs the default function, not the exec of the scenario it replaces', async () => {
    const result = await runScript(TWO, flags({ iterations: 2, noThresholds: true }));
    expect(result.said).toEqual(['setup', 'default default', 'default default', 'teardown']);
    expect(result.warnings).toEqual([expect.stringContaining('--iterations replaced the scenarios below (a, b)')]);
  });

  it('--vus alone does so too, once for each VU', async () => {
    const result = await runScript(TWO, flags({ vus: 3, noThresholds: true }));
    expect(result.said).toEqual(['setup', 'default default', 'default default', 'default default', 'teardown']);
    expect(result.warnings).toEqual([expect.stringContaining('--vus replaced the scenarios below (a, b)')]);
  });

  it('--iterations over a script without a default function is refused', async () => {
    const { reason, exitCode } = await runScript(
      TWO.replace('exports.default', 'exports.other'),
      flags({ iterations: 2 }),
    );
    expect(reason).toContain('scenario default: the script exports no function "default"');
    expect(exitCode).toBe(104);
  });

  it('--scenario runs the named one, and leaves out thresholds of the others', async () => {
    const result = await runScript(TWO, flags({ selectedScenarios: ['a'], noSetup: true, noTeardown: true }));
    expect(result.said).toEqual(['a ax', 'a ax', 'a ax']);
    expect(result.thresholds.map(({ metric }) => metric)).toEqual(['iterations']);
    expect(result.warnings).toEqual([expect.stringContaining('"iterations{scenario:b}" is ignored')]);
    expect(result.exitCode).toBe(0);
  });

  it('--once keeps exec, env and tags of its scenario', async () => {
    const result = await runScript(
      TWO,
      flags({ selectedScenarios: ['a'], once: true, noSetup: true, noTeardown: true }),
    );
    expect(result.said).toEqual(['a ax']);
  });

  it('--no-thresholds judges none, not even a wrong one', async () => {
    const source = `exports.options = { thresholds: { nothing: ['x'], iterations: ['count>5'] } }; exports.default = () => {};`;
    expect((await runScript(source)).exitCode).toBe(104);
    expect(await runScript(source, flags({ noThresholds: true }))).toMatchObject({ exitCode: 0, thresholds: [] });
  });

  it('--tag, --min-iteration-duration, --user-agent and --throw reach the samples, the plan and the requests', async () => {
    const agents: (string | undefined)[] = [];
    const base = await serve((request, response) => {
      agents.push(request.headers['user-agent']);
      response.end();
    });
    const result = await runScript(
      `const http = require('k6/http');
       exports.options = { iterations: 2, thresholds: { 'iterations{run:7}': ['count==2'] } };
       exports.default = async () => {
         await http.asyncRequest('GET', __ENV.BASE);
         try { await http.asyncRequest('GET', 'http://127.0.0.1:1/'); } catch (error) { console.log('thrown'); }
       };`,
      {
        env: { BASE: base },
        ...flags({ tags: { run: '7' }, minIterationDuration: '60ms', userAgent: 'mine', throw: true }),
      },
    );
    expect(agents).toEqual(['mine', 'mine']);
    expect(result.said).toEqual(['thrown', 'thrown']);
    expect(result.durationMs).toBeGreaterThanOrEqual(60);
    expect(result.exitCode).toBe(0);
  });

  it('the summary shows what --summary-mode, --summary-time-unit and --summary-trend-stats ask for', async () => {
    const base = await serve((_request, response) => response.end());
    const source = `const http = require('k6/http'); exports.default = () => http.asyncRequest('GET', __ENV.BASE);`;
    const text = async (values: Record<string, unknown>): Promise<unknown> =>
      (await runScript(source, { env: { BASE: base }, ...flags(values) })).files['stdout'];
    expect(await text({})).not.toContain('http_req_waiting');
    const full = await text({ summaryMode: 'full', summaryTimeUnit: 'us', summaryTrendStats: ['max', 'p(99)'] });
    expect(full).toMatch(/http_req_waiting\.+: max=[\d.]+us p\(99\)=[\d.]+us\n/);
    expect(await text({ summaryMode: 'disabled' })).toBeUndefined();
  });

  it('exec.test.options shows what all layers came to', async () => {
    const result = await runScript(
      `const exec = require('k6/execution'); exports.options = { vus: 2, rps: 3 };
       exports.default = () => console.log(JSON.stringify([exec.test.options.scenarios, exec.test.options.maxRedirects, exec.test.options.duration]));`,
      flags({ iterations: 2, maxRedirects: 1 }),
    );
    const shown = JSON.stringify([{ default: { executor: 'shared-iterations', iterations: 2, vus: 2 } }, 1, null]);
    expect(result.said).toEqual([shown, shown]);
    expect(value(result, 'iterations', 'count')).toBe(2);
  });
});

/** A server that sets a cookie, redirects `/to`, and notes the cookies that it gets. */
async function cookieServer(): Promise<{ readonly base: string; readonly cookies: string[] }> {
  const cookies: string[] = [];
  const base = await serve((request, response) => {
    cookies.push(request.headers.cookie ?? '');
    response.setHeader('set-cookie', 'seen=1');
    if (request.url === '/to') response.writeHead(302, { location: '/' });
    response.end('body');
  });
  return { base, cookies };
}

describe('Options of the script have their effect:', () => {
  it.each([
    ['{}', ['', '']],
    ['{ noCookiesReset: true }', ['', 'seen=1']],
  ])('cookies and noCookiesReset (%s)', async (options, expected) => {
    const { base, cookies } = await cookieServer();
    const source = `const http = require('k6/http'); exports.options = { iterations: 2, ...${options} };
      exports.default = () => http.asyncRequest('GET', __ENV.BASE + '/');`;
    await runScript(source, { env: { BASE: base } });
    expect(cookies).toEqual(expected);
  });

  it('discardResponseBodies, which a request can overrule; maxRedirects', async () => {
    const { base } = await cookieServer();
    const result = await runScript(
      `const http = require('k6/http'); exports.options = { discardResponseBodies: true, maxRedirects: 0 };
       exports.default = async () => {
         const get = (params) => http.asyncRequest('GET', __ENV.BASE + '/to', null, params);
         console.log((await get()).body, (await get()).status, (await get({ responseType: 'text', redirects: 1 })).body);
       };`,
      { env: { BASE: base } },
    );
    expect(result.said).toEqual(['null 302 body']);
  });

  it.each(['setup', 'teardown', 'handleSummary'])('%sTimeout cuts the function off, with 107', async (name) => {
    const result = await runScript(
      `exports.options = { ${name}Timeout: '30ms' }; exports.default = () => {};
       exports.${name} = () => new Promise((resolve) => setTimeout(resolve, 20000));`,
    );
    expect(result).toMatchObject({ exitCode: 107 });
    expect(result.reason).toContain(`${name}() did not finish within 30ms (options.${name}Timeout)`);
  });

  it('K6_VUS in __ENV sets no option', async () => {
    const result = await runScript('exports.default = () => console.log(__ENV.K6_ITERATIONS);', {
      env: { K6_ITERATIONS: '7' },
    });
    expect(result.said).toEqual(['7']);
  });
});
