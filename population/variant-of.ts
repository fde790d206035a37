import { draw } from '../contract/draw.ts';
import { longestHumanMs } from './behaviour.ts';
import type { ClientName } from './population-file.ts';
import type { Population } from './population.ts';
import type { Variant } from './variants.ts';

/** Picks an option by share, from a number in [0, 1). `options` must not be empty. */
function pick<T>(options: readonly T[], shareOf: (option: T) => number, fraction: number): T {
  let rest = fraction * options.reduce((sum, option) => sum + shareOf(option), 0);
  return options.find((option) => (rest -= shareOf(option)) < 0) ?? options.findLast((option) => shareOf(option) > 0)!;
}

const blocks = new WeakMap<Population, readonly Variant[]>();

/** One user of each variant, slowest first, so that flows of half a minute do not start at the end of a run. */
function slowestFirst(population: Population): readonly Variant[] {
  const known = blocks.get(population);
  if (known !== undefined) return known;
  const longest = (variant: Variant): number => longestHumanMs(variant, Object.keys(variant.clients)[0] as ClientName);
  const block = population.variants.toSorted((a, b) => longest(b) - longest(a));
  blocks.set(population, block);
  return block;
}

/** Number of users at the start of an inventory that are not drawn: one of each variant, or none. */
export function notDrawn({ oneOfEachFirst, variants }: Population): number {
  return oneOfEachFirst ? variants.length : 0;
}

/** The variant of the user at an index. */
export function variantOf(population: Population, seed: number, index: number): Variant {
  const { variants } = population;
  return index < notDrawn(population)
    ? slowestFirst(population)[index]!
    : pick(variants, ({ share }) => share, draw(seed, 'variant', index));
}

/** The client of the user at an index. */
export function clientOf({ clients }: Variant, seed: number, index: number): ClientName {
  return pick(Object.keys(clients) as ClientName[], (name) => clients[name] ?? 0, draw(seed, 'client', index));
}
