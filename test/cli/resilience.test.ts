import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import type { Resilience } from '../../analysis/recovery/resilience.ts';
import { mergeRecords } from '../../cli/merge/merge-records.ts';
import { readReportModel } from '../../cli/record/read-report-model.ts';
import { thisMachine } from '../../cli/record/run-facts.ts';
import { REPORT_FORMATS } from '../../cli/report-formats.ts';
import { openRecord } from '../../record/read-record.ts';
import { REPORT_SCHEMA } from '../../report/json-schema.ts';
import { emptyFolder, fewUsers, pairstorm } from './command.ts';
import { carriedOut } from './in-process.ts';
import { faultyRecord } from './faulty-record.ts';

const folder = emptyFolder();

const isReport = new Ajv({ allowUnionTypes: true }).compile(REPORT_SCHEMA);

/** What `pairstorm report` prints of a record. */
async function reported(record: string, format: 'json' | 'junit' | 'markdown' | 'html'): Promise<string> {
  const render = await REPORT_FORMATS[format].load();
  return render(await readReportModel(record));
}

const verdictOf = async (record: string): Promise<Resilience> =>
  (JSON.parse(await reported(record, 'json')) as { resilience: Resilience }).resilience;

describe('The verdict on the faults of a record', () => {
  it('says what broke, when it was over, what it cost, in every form', async () => {
    const record = faultyRecord(folder, { back: 4, detectedAt: 43 });
    const { verdict, faults } = await verdictOf(record);
    expect(verdict).toBe('passed');
    const command = await pairstorm(folder, ['report', record, '--format', 'json', '--out', '-']);
    expect([command.code, command.stderr]).toEqual([0, '']);
    expect(JSON.parse(command.stdout)).toMatchObject({ resilience: await verdictOf(record) });
    expect(isReport(JSON.parse(command.stdout)), JSON.stringify(isReport.errors)).toBe(true);
    const { effects, beginMs, endMs } = faults[0]!;
    expect([beginMs, endMs]).toEqual([40_000, 50_000]);
    const { recovery, lost, amplification, byProfile, detection, budget } = effects!;
    expect(recovery.low).toBeLessThanOrEqual(4);
    expect(recovery.high).toBeGreaterThanOrEqual(4);
    expect(recovery.high).toBeLessThan(8);
    // 14 s of ten flows a second, 30 % of them.
    expect(lost.low).toBeLessThan(42);
    expect(lost.high).toBeGreaterThan(42);
    expect(amplification!.value).toBeCloseTo(1, 5);
    expect(byProfile['browser']!.value).toBeCloseTo(3, 1);
    expect(detection).toEqual({ low: 2.5, high: 3.5, computed: false });
    expect(budget.burnRate).toBeGreaterThan(250);

    const junit = await reported(record, 'junit');
    expect(junit).toMatch(
      /<testcase name="recovers within 15 s" classname="resilience\.slow" time="0">\s*<system-out>/,
    );
    const markdown = await reported(record, 'markdown');
    expect(markdown).toMatch(/\*\*Resilience\*\*: 5 expectations of 1 fault&#58; 5 held/);
    expect(markdown).toMatch(/\| `slow` \| .* \| &#8203;4\.0 s \(.*\) \| \d+ of 400 /);
    // The first screen answers when it was over.
    expect(markdown).toMatch(/\*\*1 fault and its recovery cost .*; back after 4\.0 s \(.* to .*\)/);
    expect(markdown).toMatch(/^Longest recovery 4\.0 s \(after slow; 95 %&#58; \d\.\d s to \d\.\d s\) · /m);
    const html = await reported(record, 'html');
    expect(html).toMatch(/<h2 id="resilience-h">Resilience<\/h2>/);
    expect(html).toMatch(/recovers within 15\ss/);
    // Charts name the fault, and the interval in which it was over.
    expect(html).toMatch(/Marked: slow from [^,]+ to [^,]+, slow over \(95\s%\) from /);
  });

  it('a release that recovers 10 s later fails where the other passed', async () => {
    const run = { resilience: { hypotheses: [], strict: false, objective: 0.999 } };
    const limit = [{ fault: 'slow', measure: 'recovery', limit: 8 } as const];
    const rules = { resilience: { ...run.resilience, hypotheses: limit } };
    const [before, after] = [
      faultyRecord(folder, { back: 4, run: rules }),
      faultyRecord(folder, { back: 14, run: rules }),
    ];
    expect((await verdictOf(before)).verdict).toBe('passed');
    expect((await verdictOf(after)).verdict).toBe('failed');
    expect(await reported(after, 'junit')).toMatch(
      /<testcase name="recovers within 8\.0 s" classname="resilience\.slow" time="0">\s*<failure type="target" message="was 1\d s \(1\d s to 1\d s\), limit 8\.0 s">/,
    );
  });

  it('is no experiment where the target was not well before', async () => {
    const record = faultyRecord(folder, { back: 4, usual: 0.05 });
    expect((await verdictOf(record)).verdict).toBe('error');
    expect(await reported(record, 'junit')).toMatch(
      /classname="resilience\.slow" time="0">\s*<error type="run" message="no experiment: the target was unhealthy/,
    );
  });

  it('is not known where the end of the fault was not confirmed', async () => {
    const record = faultyRecord(folder, { back: 4, open: true });
    expect((await verdictOf(record)).faults[0]).toMatchObject({ effects: null, unjudged: { code: 'not_ended' } });
    expect(await reported(record, 'junit')).toMatch(
      /<skipped message="not judged: it was not confirmed to have ended">/,
    );
  });

  it('of a record without faults there is none', async () => {
    const record = faultyRecord(folder, { back: 4, run: { script: 'load', resilience: undefined } });
    expect(JSON.parse(await reported(record, 'json'))).toMatchObject({ resilience: null });
    expect(await reported(record, 'html')).not.toContain('resilience-h');
  });
});

describe('The faults of a merged run', () => {
  it('are judged by the strictest rules of its parts, and kept as data', async () => {
    const usual = { hypotheses: [], strict: false, objective: 0.99, signInsPerMonth: 1_000_000 };
    const limit = { fault: 'slow', measure: 'recovery', limit: 8 } as const;
    const strict = { hypotheses: [limit], strict: true, objective: 0.999 };
    const parts = [usual, strict].map((resilience, at) =>
      faultyRecord(folder, {
        back: 14,
        run: { resilience, simulatorOptions: ['workers=2'], machines: [{ ...thisMachine(), instance: `m${at}` }] },
      }),
    );
    const said: string[] = [];
    await mergeRecords(parts, { results: join(emptyFolder(), 'merged') }, (line) => said.push(line));
    expect(said.join('\n')).toMatch(/^resilience: 5 expectations of 1 fault: .* 1 failed/m);
    const whole = / → (\S+)$/.exec(said.at(-1)!)![1]!;
    const { run } = openRecord(whole);
    expect(run.resilience).toEqual({ ...strict, signInsPerMonth: 1_000_000 });
    expect(run.simulatorOptions).toEqual(['workers=2']);
    expect(run.end!.findings).toContainEqual(expect.objectContaining({ code: 'hypothesis_failed', subject: 'slow' }));
    expect(run.end).toMatchObject({ verdict: 'fail', exitCode: 99 });
    const kept: unknown = JSON.parse(readFileSync(join(whole, 'resilience.json'), 'utf8'));
    expect(kept).toEqual(await verdictOf(whole));
  });
});

describe('Flags about faults', () => {
  it.each([
    [['load', '--hypothesis', 'slow: recovery<1s'], '--hypothesis applies to resilience, not to load'],
    [
      ['resilience', '--hypothesis', 'slow: recovered<1s'],
      '--hypothesis: hypothesis of slow: "recovered<1s" cannot be parsed',
    ],
    [
      ['resilience', '-e', 'FAULTS=slow', '--hypothesis', 'restart: lost<1%'],
      '--hypothesis names the fault restart, which this run does not make; its faults: slow',
    ],
    [
      ['resilience', '--hypothesis', 'slow: lost<1%', '--hypothesis', 'slow: stuck<2, lost<3%'],
      '--hypothesis limits lost of slow twice; leave one of them out',
    ],
    [['resilience', '--detect', 'pairstorm-has-no-such-command'], '--detect: the command ended with exit code 127'],
    [['resilience', '--detect', 'true'], '--detect says yes before any fault'],
    [
      ['resilience', '-e', 'FAULTS=net-reset'],
      'FAULTS: net-reset is a fault of the network, which Toxiproxy makes; add --toxiproxy',
    ],
    [['resilience', '--toxiproxy', 'http://127.0.0.1:1'], '--toxiproxy has no effect without a fault of the network'],
    [
      ['resilience', '--toxiproxy', 'http://127.0.0.1:1', '-e', 'FAULTS=net-reset'],
      '--toxiproxy http://127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1; start it (toxiproxy-server)',
    ],
    [
      ['resilience', '--toxiproxy', 'http://chaos.example.com:8474', '-e', 'FAULTS=net-reset'],
      '--toxiproxy points to chaos.example.com; a proxy before the target must be on this machine',
    ],
    [['resilience', '--fault-timeout', '5s'], '--fault-timeout has no effect without --on-fault-start'],
    [['smoke', '--detect', 'true'], '--detect cannot be combined with smoke; it applies to resilience'],
  ])('%j is refused', async (args, says) => {
    const { code, stderr } = await carriedOut(folder, ['run', ...args, '--quiet'], {
      TIME_SCALE: '0.01',
      INVENTORY: fewUsers(),
    });
    expect(stderr).toContain(says);
    expect(code).toBe(104);
  });
});

it(
  'a run of its own ends with the verdict, its cases, and the moments that were confirmed',
  { timeout: 120_000 },
  async () => {
    const results = emptyFolder();
    const parts = [
      'RAMP=0s',
      'STEADY_DURATION=7s',
      'FAULT_DURATION=3s',
      'RECOVERY_DURATION=7s',
      'RATE=10',
      'FAULT_SHARE=0.5',
    ];
    const { code, stdout, stderr } = await pairstorm(
      folder,
      [
        ...['run', 'resilience', '--gate', '--allow-invalid', '--results', results, '-e', 'FAULTS=unavailable'],
        ...parts.flatMap((part) => ['-e', part]),
        // Whether this machine keeps up is not what this is about.
        ...['--hypothesis', 'unavailable: recovery<7s, steady after<1000%, stuck<100, lost<60%', '-e', 'P95_MS=60000'],
      ],
      { TIME_SCALE: '0.05', INVENTORY: fewUsers() },
    );
    expect([0, 99], stderr).toContain(code);
    expect(stdout).toMatch(/FAULTS\n +seen +served +errors +impact +recovery.*\n +unavailable +(\d+) +\1 ✓ /);
    expect(stderr).toMatch(/resilience: 5 expectations of 1 fault: /);
    const [name] = /results → (\S+)/.exec(stderr)!.slice(1);
    const record = join(folder, name!);
    const kept = JSON.parse(readFileSync(join(record, 'resilience.json'), 'utf8')) as Resilience;
    const { beginMs, endMs, effects } = kept.faults[0]!;
    // At 7 s and at 10 s, or later: a busy machine may be late, never early.
    expect(beginMs).toBeGreaterThan(6_900);
    expect(endMs).toBeGreaterThan(Math.max(9_900, beginMs!));
    expect(effects!.lost.value).toBeGreaterThan(0);
    expect(readFileSync(join(record, 'junit.xml'), 'utf8')).toMatch(
      /<testcase name="recovers within 7\.0 s" classname="resilience\.unavailable" time="0">/,
    );
  },
);
