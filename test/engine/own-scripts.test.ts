import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../../engine/run.ts';
import type { RunResult } from '../../engine/result.ts';
import { ON_ANY_MACHINE, ofTheMachine, serve, writeScript } from './script-fixture.ts';

interface OwnRun extends RunResult {
  readonly said: readonly string[];
  readonly warnings: readonly string[];
}

/** Runs the first of some files that lie in one folder. */
async function runFiles(files: Readonly<Record<string, string>>, env: Record<string, string> = {}): Promise<OwnRun> {
  const said: string[] = [];
  const warnings: string[] = [];
  const bundlePath = join(dirname(writeScript('', files)), Object.keys(files)[0]!);
  const onWarning = (line: string): void => {
    if (!ofTheMachine(line)) warnings.push(line);
  };
  const result = await run({
    bundlePath,
    env,
    ...ON_ANY_MACHINE,
    onConsole: (_level, line) => said.push(line),
    onWarning,
  });
  return { ...result, said, warnings };
}

test('a script in TypeScript runs as it is, with what it imports', async () => {
  const base = await serve((request, response) => response.end(request.url));
  const result = await runFiles(
    {
      'scenario.ts': `
        import http from 'k6/http';
        import { check, type Checkers } from 'k6';
        import exec from 'k6/execution';
        import type { Options } from 'k6/options';
        import { path } from './paths.ts';
        import people from './people.json';

        const text: string = open('./text.txt');
        export const options: Options = { vus: 2, iterations: 4, thresholds: { checks: ['rate==1'] } };
        export function setup(): { greeting: string } { return { greeting: 'hello' }; }
        export default async function (data: { greeting: string }): Promise<void> {
          const res = await http.asyncRequest('GET', \`\${__ENV.BASE}\${path(exec.scenario.iterationInTest)}\`);
          const checks: Checkers<typeof res> = { answered: (r) => r.status === 200 };
          check(res, checks);
          console.log(data.greeting, people[0]!.name, text, res.body);
        }
        export const handleSummary = (data: any) => ({ stdout: String(data.metrics.iterations.values.count) });`,
      'paths.ts': `export const path = (n: number): string => \`/\${n satisfies number}\`;`,
      'people.json': `[{ "name": "Ada" }]`,
      'text.txt': 'text',
    },
    { BASE: base },
  );
  expect(result.warnings).toEqual([]);
  expect([...result.said].sort()).toEqual([0, 1, 2, 3].map((n) => `hello Ada text /${n}`));
  expect(result).toMatchObject({ exitCode: 0, files: { stdout: '4' } });
});

test('so does an ES module in a .js or .mjs file', async () => {
  for (const name of ['own.js', 'own.mjs']) {
    const result = await runFiles({
      [name]: `import { word } from './word.js';\nexport default function () { console.log(word); }`,
      'word.js': `export const word = 'imported';`,
    });
    expect(result.said).toEqual(['imported']);
  }
});

test("an error names the user's own file and line, not those of what was made of it", async () => {
  const files = (body: string): Record<string, string> => ({
    'scenario.ts': `import { fails } from './fails.ts';\ninterface Unused { readonly gone: true }\n\nexport default async (): Promise<void> => {\n  await null;\n  ${body}\n};`,
    'fails.ts': `type Gone = 1;\nexport const fails = (): never => {\n  throw new RangeError('no luck');\n};`,
  });
  expect((await runFiles(files('fails();'))).warnings).toEqual(['RangeError: no luck (fails.ts:3:9)']);
  expect((await runFiles(files('(null as any).x;'))).warnings[0]).toMatch(/^TypeError: .* \(scenario\.ts:6:\d+\)$/);
  const thrownInInit = await runFiles({ 'scenario.ts': `export {};\n\nthrow new Error('early' as string);` });
  expect(thrownInInit).toMatchObject({ exitCode: 107, reason: 'early (scenario.ts:3:7)' });
});

test('what cannot be built ends with 104 and one line with file, line and column', async () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    [`export default () => { foo( };`, /scenario\.ts:1:29: Unexpected "}"$/],
    [`\nimport { x } from './none.ts';\nexport default x;`, /scenario\.ts:2:19: Could not resolve "\.\/none\.ts"$/],
    [`import fs from 'fs';\nexport default fs;`, /scenario\.ts:1:16: Could not resolve "fs"/],
    [
      `import x from 'https://example.com/x.js';\nexport default x;`,
      /scenario\.ts:1:15: remote imports are not supported: https:\/\/example\.com\/x\.js; save/,
    ],
    [
      `import a from './a.ts';\nimport b from './b.ts';\nexport default a + b;`,
      /scenario\.ts:1:15: .* \(and 1 more\)$/,
    ],
  ];
  for (const [source, reason] of cases) {
    const result = await runFiles({ 'scenario.ts': source });
    expect(result).toMatchObject({ exitCode: 104, exit: 'invalid_configuration' });
    expect(result.reason).toMatch(reason);
    expect(result.reason).not.toContain('\n');
  }
  const unknown = await runFiles({ 'scenario.ts': `import x from 'k6/x/redis';\nexport default () => x;` });
  expect(unknown.reason).toContain('module "k6/x/redis" is not supported by this engine');
});
