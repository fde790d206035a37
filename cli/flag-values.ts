import { InvalidArgumentError } from 'commander';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { durationOf } from '../contract/duration.ts';
import { SHORTEST_INTERVAL_MS } from '../record/run-file.ts';

/** Parser for whole numbers in a range. `hint` is appended to the error message. */
export function wholeNumber(min: number, max: number, hint = ''): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(`Write a whole number from ${min} to ${max}${hint}.`);
    }
    return value;
  };
}

/** Parses a percentage such as `1` or `0.5` into a share. */
export function percentageFlag(text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value > 100)
    throw new InvalidArgumentError('Write a percentage from 0 to 100, such as 0.5.');
  return value / 100;
}

/** The same for a percentage above 0, with or without its sign. */
export function percentageAbove0(text: string): number {
  const share = percentageFlag(text.trim().replace(/\s*%$/, ''));
  if (share === 0) throw new InvalidArgumentError('Write a percentage above 0, such as 10.');
  return share;
}

/** Refuses a fraction without its sign: `0.95` may be meant as 95 %, and would be taken for less than 1 %. */
export function refuseBareFraction(text: string): void {
  if (/^\s*\d*\.\d+\s*$/.test(text))
    throw new InvalidArgumentError(`Write ${text.trim()}% if you mean that, or another percentage, such as 20%.`);
}

/** Parser for a repeatable flag: collects the values in order. */
export function collected(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** Parses `--interval`, in milliseconds. */
export function intervalLength(text: string): number {
  const ms = durationOf(text, '--interval');
  if (!Number.isInteger(ms) || ms < SHORTEST_INTERVAL_MS || ms > 600_000) {
    throw new ConfigurationError(`--interval is ${text}; it can be 100ms to 10m, such as 1s`);
  }
  return ms;
}

/** Parses `--results`. An empty value, as from an unset variable, would write into the current folder. */
export function resultsPlace(text: string): string {
  if (text.trim() === '') throw new ConfigurationError('--results is empty; give a folder, such as results');
  return text;
}

/** Parser for durations, in milliseconds. `flag` is named in the error message. */
export function durationFlag(flag: string): (text: string) => number {
  return (text) => {
    try {
      return durationOf(text, flag);
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message);
    }
  };
}
