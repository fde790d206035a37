import { ConfigurationError } from '../contract/configuration-error.ts';

/**
 * Converts the values of a flag or K6_* variable to what a script would write. A value that cannot be converted is
 * passed on as text, for the option's reader to reject. `values` has one entry per occurrence of the flag.
 */
export type FromText = (values: readonly string[], place: string) => unknown;

const last = (values: readonly string[]): string => values.at(-1)!;

/** A number. */
export const numberText: FromText = (values) => {
  const value = last(values);
  return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
};

/** `true` or `false` as a variable; a flag is `true` by its presence. */
export const flagText: FromText = (values) => {
  const value = last(values);
  return ({ true: true, '1': true, false: false, '0': false } as Record<string, boolean>)[value] ?? value;
};

/** The text itself. */
export const plainText: FromText = last;

/** `a,b`, repeatable. */
export const listText: FromText = (values) =>
  values
    .flatMap((value) => value.split(','))
    .map((item) => item.trim())
    .filter((item) => item !== '');

/** `NAME=VALUE`, repeatable or comma-separated. Throws a ConfigurationError. */
export const mapText: FromText = (values, place) =>
  Object.fromEntries(
    values
      .flatMap((value) => value.split(/,(?=[^,=]+=)/))
      .map((pair) => {
        const at = pair.indexOf('=');
        if (at < 1) throw new ConfigurationError(`${place} is ${JSON.stringify(pair)}; expected NAME=VALUE`);
        return [pair.slice(0, at), pair.slice(at + 1)];
      }),
  );

/** `5s:10,1m:20`, repeatable. Throws a ConfigurationError. */
export const stagesText: FromText = (values, place) =>
  values
    .flatMap((value) => value.split(','))
    .map((stage) => {
      const [duration, target, ...more] = stage.trim().split(':');
      if (target === undefined || more.length > 0) {
        throw new ConfigurationError(`${place} is ${JSON.stringify(stage)}; expected DURATION:TARGET, such as 30s:10`);
      }
      return { duration, target: /^\d+$/.test(target) ? Number(target) : target };
    });
