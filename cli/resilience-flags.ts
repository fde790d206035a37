import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { parseHypothesis } from '../analysis/recovery/hypothesis.ts';
import { RESILIENCE_RULES } from '../record/analysis-rules.ts';
import type { ResilienceRules } from '../record/analysis-rules.ts';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { collected, wholeNumber } from './flag-values.ts';
import type { Script } from './script.ts';

/** Flags of `run` and `import` about how the effects of faults are judged. */
export interface ResilienceFlags {
  readonly hypothesis?: readonly string[];
  readonly strict?: true;
  readonly objective?: number;
  readonly perMonth?: number;
}

/** Adds the flags in a help group of their own. */
export function addResilienceFlags(command: Command, group: string): void {
  const add = (option: Option): void => void command.addOption(option.helpGroup(group));
  add(
    new Option(
      '--hypothesis <fault: limits>',
      'what a fault may do, such as "slow: recovery<30s, lost<2%"; repeatable; the rest is as usual',
    ).argParser(collected),
  );
  add(new Option('--strict', 'fail if an expectation is not known (default: it is skipped)'));
  add(new Option('--objective <percent>', 'share of requests that must succeed (default: 99.9)').argParser(objective));
  add(
    new Option(
      '--per-month <sign-ins>',
      "sign-ins in 30 days: says what a fault costs of the month's error budget",
    ).argParser(wholeNumber(1, 1e12)),
  );
}

export const RESILIENCE_HELP = 'Faults of resilience:';

/** Rules from the flags. Throws a ConfigurationError for a hypothesis that cannot be read. */
export function resilienceRules({
  hypothesis = [],
  strict,
  objective: share,
  perMonth,
}: ResilienceFlags): ResilienceRules {
  const hypotheses = hypothesis.flatMap(read);
  const again = hypotheses.find((one, at) =>
    hypotheses.slice(0, at).some(({ fault, measure }) => fault === one.fault && measure === one.measure),
  );
  if (again !== undefined)
    throw new ConfigurationError(`--hypothesis limits ${again.measure} of ${again.fault} twice; leave one of them out`);
  return {
    hypotheses,
    strict: strict === true,
    objective: share ?? RESILIENCE_RULES.objective,
    ...(perMonth === undefined ? {} : { signInsPerMonth: perMonth }),
  };
}

/** Rules of a run; undefined if it has no faults. Throws a ConfigurationError for flags that do not apply. */
export function resilienceRulesOfRun(
  script: Script,
  flags: ResilienceFlags,
  faults: readonly string[],
): ResilienceRules | undefined {
  if (!script.builtIn || script.name !== 'resilience') {
    const given = givenFlag(flags);
    if (given === undefined) return undefined;
    throw new ConfigurationError(`${given} applies to resilience, not to ${script.name}; leave it out`);
  }
  const rules = resilienceRules(flags);
  refuseStranger(rules, faults);
  return rules;
}

/** Throws a ConfigurationError for a hypothesis about a fault that the run does not have: nothing would be judged by it. */
export function refuseStranger({ hypotheses }: ResilienceRules, faults: readonly string[]): void {
  const stranger = hypotheses.find(({ fault }) => !faults.includes(fault));
  if (stranger === undefined) return;
  throw new ConfigurationError(
    `--hypothesis names the fault ${stranger.fault}, which this run does not make; its faults: ${faults.join(', ')}`,
  );
}

/** The first of the flags that is given. */
export function givenFlag({ hypothesis, strict, objective: share, perMonth }: ResilienceFlags): string | undefined {
  const given = { '--hypothesis': hypothesis, '--strict': strict, '--objective': share, '--per-month': perMonth };
  return Object.entries(given).find(([, value]) => value !== undefined)?.[0];
}

function read(text: string): ResilienceRules['hypotheses'] {
  try {
    const { fault, expectations } = parseHypothesis(text);
    return expectations.map((one) => ({ fault, ...one }));
  } catch (error) {
    throw new ConfigurationError(`--hypothesis: ${(error as Error).message}`);
  }
}

function objective(text: string): number {
  const value = Number(text.trim().replace(/\s*%$/, ''));
  if (!/^\d+(\.\d+)?\s*%?$/.test(text.trim()) || value <= 0 || value >= 100)
    throw new InvalidArgumentError('Write a percentage above 0 and below 100, such as 99.9.');
  return value / 100;
}
