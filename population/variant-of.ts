import { draw } from '../contract/draw.ts';
import { longestHumanMs } from './behaviour.ts';
import type { ClientName } from './population-file.ts';
import type { Population } from './population.ts';
import type { Variant } from './variants.ts';

/** Picks an option by share, from a number in [0, 1); `within`: where in its share that lies, in [0, 1) too. `options` must not be empty. */
function pick<T>(
  options: readonly T[],
  shareOf: (option: T) => number,
  fraction: number,
): { readonly option: T; readonly within: number } {
  let rest = fraction * options.reduce((sum, option) => sum + shareOf(option), 0);
  for (const option of options) {
    const share = shareOf(option);
    if (rest < share) return { option, within: rest / share };
    rest -= share;
  }
  // Where rounding leaves a rest.
  return { option: options.findLast((option) => shareOf(option) > 0)!, within: 0 };
}

/** Users of a block, in which each of as many equal parts of the population stands once, in a drawn order. */
const BLOCK = 100;

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** The block that was last asked for: users are made one after another. */
let mixed: { readonly seed: number; readonly block: number; readonly order: readonly number[] } | undefined;

/** The parts of a block in their order: a shuffle by Fisher and Yates. */
function orderOf(seed: number, block: number): readonly number[] {
  if (mixed?.seed === seed && mixed.block === block) return mixed.order;
  const order = Array.from({ length: BLOCK }, (_, part) => part);
  for (let left = BLOCK - 1; left > 0; left--) {
    const at = Math.floor(draw(seed, 'mix', `${block}-${left}`) * (left + 1));
    [order[left], order[at]] = [order[at]!, order[left]!];
  }
  mixed = { seed, block, order };
  return order;
}

/**
 * Where a drawn user stands in the population, in [0, 1). Stratified, so that any stretch of an inventory has the population's shares,
 * but for the two blocks that it cuts: drawn one by one, the requests of a flow differed by 4 % from one minute's users to the next's.
 * Neighbours are as good as independent.
 */
function positionOf(seed: number, nth: number): number {
  const block = Math.floor(nth / BLOCK);
  const part = orderOf(seed, block)[nth % BLOCK]!;
  // From block to block the place within a part goes on by the golden ratio, so that what is rarer than a part comes evenly, too.
  return (part + ((draw(seed, 'variant', part) + block * GOLDEN) % 1)) / BLOCK;
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

/** The variant and the client of the user at an index. */
export function drawnUser(
  population: Population,
  seed: number,
  index: number,
): { readonly variant: Variant; readonly client: ClientName } {
  const { variants } = population;
  const nth = index - notDrawn(population);
  const { option: variant, within } =
    nth < 0
      ? { option: slowestFirst(population)[index]!, within: draw(seed, 'client', index) }
      : pick(variants, ({ share }) => share, positionOf(seed, nth));
  const { clients } = variant;
  return { variant, client: pick(Object.keys(clients) as ClientName[], (name) => clients[name] ?? 0, within).option };
}
