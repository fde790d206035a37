import { expect, test } from 'vitest';
import { NOT_SUPPORTED, WITHOUT_EFFECT, rows } from '../../engine/option-table.ts';

function code(text: string | undefined): string {
  return text === undefined ? '–' : `\`${text}\``;
}

function page(): string {
  const table = rows().map(
    ([name, { flag, environment, outside, meaning }]) =>
      `| ${outside === true ? '–' : `\`${name}\``} | ${code(flag)} | ${code(environment)} | ${meaning} |`,
  );
  return [
    '# Options',
    '',
    'How much load, and how it is generated: k6’s options, by their names. They come from a `--config` file, the script, the',
    'environment and the command line; the later wins, as a whole: `--tag` replaces the tags of the script. `duration`,',
    '`iterations`, `stages` and `scenarios` are one unit: setting one of them discards all that were set before, with a',
    'warning if scenarios are discarded; over scenarios, `vus` alone, from a flag or variable, does the same, as since k6',
    'v2.1. So `pairstorm run load -d 10s -u 5` plays the flows of `load` without its ramp, and thresholds on its phases have',
    'no samples; `-u 5` alone is refused there, and under k6 our bundles refuse all of these. (`RATE`, `DURATION`, `VUS` of',
    '`-e` are [settings](settings.md) of our scenarios: they shape the scenarios and do not replace them.) An option that is',
    'unknown, of the wrong kind, or contradicts another is an error that names it, with exit code 104.',
    '',
    'This page is made from `engine/option-table.ts` by `npx vitest run test/docs -u`; a test keeps them in step.',
    '',
    '| in a script | flag | variable | meaning |',
    '|---|---|---|---|',
    '| `scenarios` | – | – | what load is made, by name and executor |',
    ...table,
    '| – | `-o, --out <kind=place>` | `K6_OUT` | write every sample: `json=FILE` or `csv=FILE`; `.gz` compresses, `-` is stdout. Or show metrics: `prometheus=PORT`, `prometheus-rw=URL` ([prometheus.md](prometheus.md)) |',
    '| – | `--summary-export <file>` | `K6_SUMMARY_EXPORT` | the summary in the form of k6’s export: a threshold is true when crossed |',
    '| – | `-c, --config <file>` | – | a JSON file with options as a script would write them |',
    '| – | `-e, --env <name=value>` | – | `__ENV` of the script; sets no option |',
    '| – | – | `HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY` | proxies; loopback is always reached directly |',
    '',
    `Accepted without effect, because nothing here depends on them: ${WITHOUT_EFFECT.map(code).join(', ')}.`,
    '',
    `Refused: ${Object.keys(NOT_SUPPORTED).map(code).join(', ')}.`,
    '',
  ].join('\n');
}

test('docs/options.md says what the table of options says', async () => {
  await expect(page()).toMatchFileSnapshot('../../docs/options.md');
});
