import { hostOf, isLoopback } from '../../lib/target.ts';
import { shellWord } from '../as-started.ts';
import { VERSION } from '../package.ts';
import type { InitAnswers } from './answers.ts';
import { CI_FILES, jobCommands } from './ci-jobs.ts';

/** A file of the starter project. */
interface ProjectFile {
  readonly path: string;
  readonly text: string;
}

const json = (value: object): string => `${JSON.stringify(value, undefined, 2)}\n`;

/** Who signs in: a file to change. */
const POPULATION = json({
  version: 1,
  description: 'Our users: change the shares (docs/population.md of the package)',
  clients: { android: 0.5, ios: 0.5 },
  delays: {
    push: { distribution: 'log-normal', medianMs: 2000, sigma: 0.4, minMs: 500, maxMs: 6000 },
    pairing: { distribution: 'log-normal', medianMs: 1000, sigma: 0.4, minMs: 300, maxMs: 4000 },
  },
  groups: [
    {
      ...{ name: 'first phone', share: 0.3, devices: [], phone: 'new' },
      pairing: { shares: { pairs: 0.95, gives_up: 0.05 } },
    },
    {
      ...{ name: 'push to the phone', share: 0.5, devices: ['push'], phone: 'paired' },
      push: { shares: { approve: 0.95, deny: 0.05 } },
    },
    {
      ...{ name: 'code by SMS', share: 0.2, devices: ['sms'], phone: 'none' },
      otp: { shares: { right: 0.9, wrong_once: 0.1 } },
    },
  ],
});

const SCRIPT = `// A load of your own: Pairstorm's virtual user plays whole flows, and you say who comes and when.
// For the types of k6 in an editor: npm install --save-dev @types/k6
import type { Options } from 'k6/options';
import { flowOptions, playFlow, prepareFlows } from 'pairstorm/lib';
import type { FlowData } from 'pairstorm/lib';

export const options: Options = {
  ...flowOptions,
  scenarios: {
    rush: { executor: 'constant-arrival-rate', exec: 'rush', rate: 5, duration: '5s', preAllocatedVUs: 40 },
  },
  thresholds: {
    // Every flow ends as its user is expected to.
    outcome_mismatch: ['rate==0'],
    flow_outcomes: ['count>=20'],
    'http_req_duration{peer:pf}': ['p(95)<2000'],
  },
};

/** Looks at the target before any load, and puts the accounts back. */
export const setup = prepareFlows;

export async function rush(data: FlowData): Promise<void> {
  await playFlow(data);
}
`;

/** What a shell takes before a run against the target; secrets are not in it. */
function targetEnv({ target, clientId }: InitAnswers): string {
  const host = hostOf(target) ?? '';
  return [
    '# . ./target.env && npx --no-install pairstorm doctor',
    '# The secret stays out of files: export PF_CLIENT_SECRET=… (or PF_CLIENT_SECRET_FILE).',
    `export PF_BASE_URL=${shellWord(target)}`,
    ...(isLoopback(host) ? [] : [`export ALLOW_HOSTS=${shellWord(host)}`]),
    `export PF_CLIENT_ID=${shellWord(clientId)}`,
    '# Users of your PingFederate: a CSV with username,password (docs/inventory.md), and how their phones are played:',
    '# export INVENTORY=users.csv DEVICE_DRIVER=none',
    '',
  ].join('\n');
}

function readme(answers: InitAnswers): string {
  const { target, ci, script } = answers;
  const local = jobCommands(script).map(({ run }) => run.replaceAll('node_modules/.bin/', 'npx --no-install '));
  const ciName = ci === 'github' ? 'GitHub Actions' : 'GitLab CI';
  return `# Load tests of the sign-in

Made by \`pairstorm init\` (${VERSION}). Pairstorm is not in a registry: \`npm pack\` in a built checkout makes
\`pairstorm-${VERSION}.tgz\`; keep that file here, and commit it and \`package-lock.json\`.

\`\`\`
npm install
${local.join('\n')}
npx --no-install pairstorm run load -e RATE=10 -e DURATION=1m --live
\`\`\`

| file | what it is |
|---|---|
| \`population.json\` | who signs in: shares of devices and behaviours; \`people.json\` is drawn from it |
${script ? '| `tests/rush.ts` | a load of your own, in TypeScript |\n' : ''}${ci === 'none' ? '' : `| \`${CI_FILES[ci].path}\` | ${ciName}: the commands above on each change |\n`}${target === '' ? '' : '| `target.env` | the settings of your PingFederate, without secrets |\n'}
## Against your PingFederate

Load that reaches PingOne must be announced to Ping by a support case first. Then

\`\`\`
${target === '' ? 'export PF_BASE_URL=https://sso.staging.example.com:9031 ALLOW_HOSTS=sso.staging.example.com PF_CLIENT_ID=…' : '. ./target.env'}
export PF_CLIENT_SECRET=…
npx --no-install pairstorm doctor
npx --no-install pairstorm run smoke --dry-run
\`\`\`

In CI the same names are variables, and \`PF_CLIENT_SECRET\` is a secret. Users of a real PingFederate are a CSV of
yours in \`INVENTORY\`; how their phones are played says \`DEVICE_DRIVER\`. The pages of the package
(\`node_modules/pairstorm/docs/README.md\`) have the rest: \`real-pingfederate.md\`, \`ci.md\`, \`settings.md\`.
`;
}

/** What the project's package.json must have. */
export function packageOf(script: boolean, spec: string): PackageJson {
  const smoke = 'pairstorm run smoke';
  const users = jobCommands(script)[0]!.run.replace('node_modules/.bin/', '');
  return {
    name: 'load-tests',
    private: true,
    type: 'module',
    scripts: {
      users,
      smoke,
      ...(script && { rush: 'INVENTORY=people.json pairstorm run tests/rush.ts --simulator' }),
    },
    devDependencies: { pairstorm: spec },
  };
}

/** The fields of a package.json that are made or added to. */
export interface PackageJson {
  readonly scripts?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** A package.json that is there, with what it lacks; nothing in it is replaced. */
export function packageWith(there: PackageJson, wanted: PackageJson): PackageJson {
  const has = 'pairstorm' in { ...there.dependencies, ...there.devDependencies };
  return {
    ...there,
    scripts: { ...wanted.scripts, ...there.scripts },
    ...(!has && { devDependencies: { ...there.devDependencies, ...wanted.devDependencies } }),
  };
}

/** All files but package.json. */
export function projectFiles(answers: InitAnswers): readonly ProjectFile[] {
  const { target, ci, script } = answers;
  return [
    { path: 'population.json', text: POPULATION },
    ...(script ? [{ path: 'tests/rush.ts', text: SCRIPT }] : []),
    ...(ci === 'none' ? [] : [{ path: CI_FILES[ci].path, text: CI_FILES[ci].text(script) }]),
    ...(target === '' ? [] : [{ path: 'target.env', text: targetEnv(answers) }]),
    { path: '.gitignore', text: 'node_modules/\nresults/\npeople.json\n' },
    { path: 'README.md', text: readme(answers) },
  ];
}
