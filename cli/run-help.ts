import type { Command } from 'commander';
import { settingHelp } from './setting-help.ts';

export function runHelp(command: Command): string {
  return `
A scenario without PF_BASE_URL gets its own simulator on a free port, with the
same INVENTORY and TIME_SCALE; the run then reports whether the simulator's flow
count agrees. A host other than loopback must be listed in ALLOW_HOSTS. Ctrl-C
lets running flows finish, a second one stops at once; both print a summary and
exit with 105.

--gate is for CI (docs/ci.md): runs without thresholds are rejected; the exit
code is also 99 if flows were lost, the simulator's count differs, a threshold
had no samples, too many iterations threw, or files could not be written;
junit.xml and report.md are written beside the record.

--live serves a page on this machine that shows the run while it goes, and becomes
its report (docs/live.md).

Settings are environment variables, or -e NAME=VALUE (never for a secret);
values and defaults: docs/settings.md.

${settingHelp(command)}

Examples:
  pairstorm run smoke
  pairstorm run load -e RATE=50 -e DURATION=2m --json
  pairstorm run load -e RATE=50 -e DURATION=2m --dry-run
  pairstorm run smoke --gate --results ci-results
  pairstorm run load --simulator-option workers=4 --simulator-option latencyScale=3
  PF_BASE_URL=https://sso.staging.example.com:9031 ALLOW_HOSTS=sso.staging.example.com pairstorm run smoke
  pairstorm run ./my-scenario.ts --simulator --vus 5 --duration 30s --out json=samples.json.gz
  pairstorm run load --live
  pairstorm run load --out prometheus=9464
  K6_PROMETHEUS_RW_BEARER_TOKEN=… pairstorm run load --out prometheus-rw=https://metrics.example.com/api/v1/write`;
}
