import { ConfigurationError } from '../contract/configuration-error.ts';
import { formatDuration } from '../contract/duration.ts';
import { settingsOfScenario } from './banner.ts';
import { settleFiles } from './file-settings.ts';
import { collected, durationFlag } from './flag-values.ts';
import { lengthInWords } from './load-in-words.ts';
import { planLengthMs } from './planned-load.ts';
import { givenIn, scriptEnvironment } from './script-environment.ts';
import { findScript, scenarioNames } from './script.ts';
import { lifetimeFor, signedRequest } from './sign-request.ts';
import { print } from './stdout.ts';
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';

interface RequestObjectFlags {
  readonly env?: readonly string[];
  readonly lifetime?: number;
  readonly testDevice: boolean;
}

/** Flags and help of `pairstorm request-object`. */
export function define(command: Command): void {
  command
    .argument('[scenario]', 'sign it for a run of this scenario: it must outlast the plan')
    .option('-e, --env <name=value>', 'a setting; repeatable; takes precedence over the environment', collected)
    .option('--lifetime <duration>', 'how long it is valid (default: the plan and an hour)', lifetime)
    .option('--no-test-device', 'leave out pi.testDevice=allow')
    .addHelpText(
      'after',
      `
Prints a request object (OpenID Connect Core 6.1), signed with the key in
PF_REQUEST_KEY_FILE (PEM, JWK, or with PF_REQUEST_ALG=HS256 the secret): client
id, audience, scope and pi.testDevice=allow, with which PingFederate shows the
codes of test devices (docs/test-users.md). For k6, which has no key; "pairstorm
run" signs one itself. Treat it like a password: whoever has it can start flows.

Examples:
  pairstorm request-object load -e PF_REQUEST_KEY_FILE=client.pem -e PF_CLIENT_ID=load-test -e DURATION=2h
  export PF_REQUEST_OBJECT="$(pairstorm request-object --lifetime 8h)"; k6 run dist/soak.js`,
    )
    .action(async (scenario: string | undefined, flags: RequestObjectFlags) => {
      print(`${await requestObject(scenario, flags)}\n`);
    });
}

function lifetime(text: string): number {
  const ms = durationFlag('--lifetime')(text);
  if (ms < 1000) throw new InvalidArgumentError('Write a duration of at least a second, such as 8h.');
  return ms;
}

async function requestObject(scenario: string | undefined, flags: RequestObjectFlags): Promise<string> {
  const script = findScript(scenario ?? 'load');
  if (!script.builtIn)
    throw new ConfigurationError(`${scenario ?? ''} is not a scenario; known: ${scenarioNames().join(', ')}`);
  const env = scriptEnvironment(script, flags.env ?? [], process.env);
  if (givenIn(env, 'PF_REQUEST_KEY_FILE') === undefined)
    throw new ConfigurationError('there is no key; set PF_REQUEST_KEY_FILE to the file of the key that signs');
  settleFiles(env);
  // Checks the settings even where no plan is asked for.
  const settings = settingsOfScenario(script, { ...env, PF_REQUEST_OBJECT: '' });
  const lastsMs = scenario === undefined || settings === undefined ? 0 : planLengthMs(settings);
  const lifetimeMs = flags.lifetime ?? lifetimeFor(lastsMs);
  if (lifetimeMs < lastsMs)
    throw new ConfigurationError(
      `--lifetime is ${formatDuration(lifetimeMs)}, and ${scenario ?? ''} starts flows for ${lengthInWords(lastsMs)}; write more than that`,
    );
  return signedRequest(env, { lifetimeMs, testDevice: flags.testDevice });
}
