import type { Command } from 'commander';
import { lstatSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { LARGEST_INVENTORY } from '../contract/command.ts';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { encodeInventory } from '../contract/inventory.ts';
import type { Inventory } from '../contract/inventory.ts';
import { DEFAULT_PRESET, PRESETS } from '../population/population.ts';
import { FLOW_KINDS } from '../protocol/flow-kinds.ts';
import type { FlowKind } from '../protocol/flow-kinds.ts';
import { describeFileError } from '../record/text-file.ts';
import { wholeNumber } from './flag-values.ts';
import { oneLine } from './one-line.ts';
import { VERSION } from './package.ts';
import { readPopulation } from './read-population.ts';
import { print } from './stdout.ts';

interface InventoryFlags {
  readonly users: number;
  readonly seed: number;
  readonly population: string;
  readonly out: string;
  readonly quiet?: true;
}

export function define(command: Command): void {
  command
    .requiredOption('--out <file>', 'file to write; an existing one is replaced')
    .option('--users <n>', 'how many users, 1 to 200000', wholeNumber(1, LARGEST_INVENTORY), 5000)
    .option('--seed <n>', 'the same seed makes the same file', wholeNumber(0, 0xffff_ffff), 7)
    .option('--population <name|file>', `preset (${PRESETS.join(', ')}) or population file`, DEFAULT_PRESET)
    .option('--quiet', 'print nothing')
    .addHelpText(
      'after',
      `
A population defines what share of the users behaves how; docs/population.md
describes the file and the presets. "everything" starts with one user for each
variant of every flow kind.

Examples:
  pairstorm inventory --out people.json
  pairstorm inventory --users 50000 --seed 11 --out dist/inventory.json
  pairstorm inventory --population first-launch --out launch.json
  pairstorm inventory --population ./our-users.json --out people.json`,
    )
    .action(async (flags: InventoryFlags) => {
      const population = readPopulation(flags.population);
      const { makeInventory } = await import('../population/inventory.ts');
      const { users, seed } = flags;
      const inventory = makeInventory({ users, seed, version: VERSION, population });
      const json = encodeInventory(inventory);
      replaceFile(flags.out, json);
      if (flags.quiet) return;
      const megabytes = (Buffer.byteLength(json) / 1e6).toFixed(1);
      print(
        `${describeKinds(inventory)}\n\n${oneLine(`${flags.out}: ${users} ${users === 1 ? 'user' : 'users'}, population ${population.name}, seed ${seed}, ${megabytes} MB`)}\n`,
      );
    });
}

/** Writes a temporary file and renames it, so that readers never see a partial file. */
function replaceFile(file: string, content: string): void {
  const draft = `${file}.${process.pid}.tmp`;
  try {
    const there = lstatSync(file, { throwIfNoEntry: false });
    // A rename would replace a device, pipe or link by a file.
    if (there !== undefined && !there.isFile()) {
      throw new ConfigurationError(`cannot write ${file}: it is not a regular file; name a regular or a new one`);
    }
    writeFileSync(draft, content);
    renameSync(draft, file);
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    rmSync(draft, { force: true });
    throw new ConfigurationError(`cannot write ${file}: ${describeFileError(error)}`);
  }
}

/** A table with a line per flow kind: users, share and expected outcomes. */
function describeKinds(inventory: Inventory): string {
  const lines = [row('kind', 'flow', 'users', 'share', 'ends in')];
  for (const kind of Object.keys(FLOW_KINDS) as FlowKind[]) {
    const users = inventory.users.filter((user) => user.kind === kind);
    if (users.length === 0) continue;
    const outcomes = [...new Set(users.map((user) => user.prescribed))].sort();
    const share = `${((100 * users.length) / inventory.users.length).toFixed(1)} %`;
    lines.push(row(kind, FLOW_KINDS[kind].title, String(users.length), share, outcomes.join(', ')));
  }
  return lines.join('\n');
}

function row(kind: string, flow: string, users: string, share: string, outcomes: string): string {
  return `${kind.padEnd(5)}${flow.padEnd(34)}${users.padStart(7)}${share.padStart(9)}  ${outcomes}`;
}
