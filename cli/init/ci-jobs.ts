import type { CiKind } from './answers.ts';

/** Users of the starter project: enough for a smoke and for the script. */
export const USERS = 200;

/** The commands of the job besides the installation, in order; those of the script only if there is one. */
export function jobCommands(script: boolean): readonly { readonly name: string; readonly run: string }[] {
  const pairstorm = 'node_modules/.bin/pairstorm';
  return [
    {
      name: 'Users',
      run: `${pairstorm} inventory --population population.json --users ${USERS} --out people.json --quiet`,
    },
    { name: 'Smoke', run: `${pairstorm} run smoke --gate --results results/smoke` },
    ...(script
      ? [
          {
            name: 'Own script',
            run: `PF_BASE_URL= INVENTORY=people.json ${pairstorm} run tests/rush.ts --simulator --gate --results results/rush`,
          },
        ]
      : []),
  ];
}

const github = (
  script: boolean,
): string => `# Written by "pairstorm init". The job fails by the exit code; the page of each run is its artifact.
# It plays the built-in simulator until the variable PF_BASE_URL is set (README.md).
name: pairstorm
on: pull_request
permissions:
  contents: read
# Two runs never load one target at the same time.
concurrency:
  group: pairstorm-\${{ vars.PF_BASE_URL || github.ref }}
jobs:
  pairstorm:
    runs-on: ubuntu-latest
    timeout-minutes: 15
    env:
      PF_BASE_URL: \${{ vars.PF_BASE_URL }}
      ALLOW_HOSTS: \${{ vars.ALLOW_HOSTS }}
      PF_CLIENT_ID: \${{ vars.PF_CLIENT_ID }}
      DEVICE_DRIVER: \${{ vars.DEVICE_DRIVER }}
      # people.json holds the simulator's users; users of your PingFederate are a file of your own.
      INVENTORY: \${{ vars.INVENTORY || 'people.json' }}
    steps:
      - uses: actions/checkout@v4
        with:
          persist-credentials: false
      - uses: actions/setup-node@v4
        with:
          node-version: 24
      - name: Install
        run: npm ci
${jobCommands(script)
  .map(({ name, run }) => {
    const secret =
      name === 'Smoke' ? '        env:\n          PF_CLIENT_SECRET: ${{ secrets.PF_CLIENT_SECRET }}\n' : '';
    return `      - name: ${name}\n${secret}        run: ${run}\n`;
  })
  .join('')}      - if: always()
        run: |
          for report in results/*/*/report.md; do
            if [ -f "$report" ]; then cat "$report" >> "$GITHUB_STEP_SUMMARY"; fi
          done
      - if: always()
        uses: actions/upload-artifact@v4
        with:
          name: pairstorm
          path: results
          if-no-files-found: ignore
`;

const gitlab = (
  script: boolean,
): string => `# Written by "pairstorm init". The job fails by the exit code; the page of each run is its artifact.
# It plays the built-in simulator until the variable PF_BASE_URL is set (README.md).
pairstorm:
  image: node:24
  timeout: 15 minutes
  # Two runs never load one target at the same time.
  resource_group: pairstorm-target
  variables:
    # people.json holds the simulator's users; users of your PingFederate are a file of your own.
    INVENTORY: people.json
  before_script:
    - npm ci
  script:
${jobCommands(script)
  .map(({ run }) => `    - ${run}\n`)
  .join('')}  artifacts:
    when: always
    paths: [results/]
    reports:
      junit: results/*/*/junit.xml
`;

/** The file of a CI job. */
export const CI_FILES: Readonly<
  Record<Exclude<CiKind, 'none'>, { readonly path: string; readonly text: (script: boolean) => string }>
> = {
  github: { path: '.github/workflows/pairstorm.yml', text: github },
  gitlab: { path: '.gitlab-ci.yml', text: gitlab },
};
