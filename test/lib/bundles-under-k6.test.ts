import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { NEW_SUMMARY } from '../../contract/figures.ts';
import { writeScript } from '../engine/script-fixture.ts';
import { startFront } from './deployment/front.ts';
import { onStage, people } from './deployment/stage.ts';

/** What replaces the scenarios of a script under k6 (k6-contract.md 2.2); since v2.1 VUs alone do. */
const REPLACING = [{ vus: 3 }, { duration: '1s' }];

test.each(REPLACING)(
  'a bundle whose scenarios were replaced by %o ends before its first request, and says what to use',
  (values) =>
    onStage(people('F1'), async (stage) => {
      const front = await startFront(stage.url);
      const { result } = await stage.play({ PF_BASE_URL: front.url }, { optionLayers: [{ source: 'flags', values }] });
      front.close();
      expect(result).toMatchObject({ exit: 'aborted', exitCode: 108, iterations: { started: 0 } });
      expect(result.reason).toBe(
        'test aborted: the scenarios of smoke were replaced; leave out --vus, --iterations, --duration, --stage (K6_VUS, …) and set -e VUS=… (docs/settings.md)',
      );
      expect(front.seen).toEqual([]);
    }),
);

test('a bundle names its sub-metrics by sorted tags: k6 documents no order', () =>
  onStage(people('F1'), async (stage) => {
    const { result } = await stage.play({ FLOWS: '1', VUS: '1' });
    const named = Object.keys(result.summary.metrics).filter((name) => name.includes(','));
    expect(named).toContain('http_req_duration{expected_response:true,peer:pf}');
    for (const name of named) {
      const tags = name.slice(name.indexOf('{') + 1, -1).split(',');
      expect(tags, name).toEqual([...tags].sort());
    }
  }));

test('a bundle loses nothing to discardResponseBodies, which k6’s documentation recommends', () =>
  onStage(people('F1', 'F8', 'F10'), async (stage) => {
    const flags = { source: 'flags', values: { discardResponseBodies: true } } as const;
    const { result, table } = await stage.play({}, { optionLayers: [flags] });
    expect(result.reason).toBeUndefined();
    expect(table.flows).toBeGreaterThan(3);
  }));

test('a bundle that gets the new machine-readable summary of k6 does not throw, and names the variable', () =>
  onStage(people('F1'), async (stage) => {
    const bundlePath = writeScript(
      `${readFileSync('dist/smoke.js', 'utf8')}
       const own = exports.handleSummary;
       exports.handleSummary = () => own({ metadata: { k6Version: '2.3.0' }, config: {}, results: { metrics: [] } });`,
    );
    const { result } = await stage.play({ FLOWS: '1', VUS: '1' }, { bundlePath });
    expect(result.reason).toBeUndefined();
    expect(result.files['stdout']).toContain(`no figures; leave out ${NEW_SUMMARY}`);
  }));
