import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const NO_ROOMS = new Set(['node_modules', 'build', 'dist', 'test']);

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || (folder === ROOT && NO_ROOMS.has(entry.name))) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : sources(path);
    return /(?<!\.d)\.ts$/.test(entry.name) ? [path] : [];
  });
}

/** Own files that a file imports, types and `require` included. */
function importsOf(path: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(path, 'utf8'), true, true);
  return importedFiles.flatMap(({ fileName }) => (fileName.startsWith('.') ? [resolve(dirname(path), fileName)] : []));
}

/** Groups of files of which each leads to each other one (Tarjan's strongly connected components). */
function circles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const path: string[] = [];
  const found: string[][] = [];
  const visit = (file: string): number => {
    const own = order.size;
    order.set(file, own);
    lowest.set(file, own);
    path.push(file);
    for (const next of graph.get(file)!) {
      if (!graph.has(next)) continue;
      const reached = order.has(next) ? (path.includes(next) ? order.get(next)! : own) : visit(next);
      lowest.set(file, Math.min(lowest.get(file)!, reached));
    }
    if (lowest.get(file) === own) {
      const circle = path.splice(path.indexOf(file));
      if (circle.length > 1 || graph.get(file)!.includes(file)) found.push(circle.sort());
    }
    return lowest.get(file)!;
  };
  for (const file of graph.keys()) if (!order.has(file)) visit(file);
  return found;
}

it('no file imports itself in a circle, imports of types counted', () => {
  const graph = new Map(sources(ROOT).map((file) => [file, importsOf(file)]));
  expect(graph.size).toBeGreaterThan(500);
  const named = circles(graph).map((circle) => circle.map((file) => file.slice(ROOT.length + 1)));
  expect(named).toEqual([]);
});

it('a circle is found', () => {
  const graph = new Map([
    ['a', ['b']],
    ['b', ['c', 'd']],
    ['c', ['a']],
    ['d', []],
  ]);
  expect(circles(graph)).toEqual([['a', 'b', 'c']]);
});
