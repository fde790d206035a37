// UNKNOWN-35: SharedArray with writes, spread, `in`, JSON, odd elements, a duplicate name, and created too late.
import { SharedArray } from 'k6/data';
import { answer, attempt } from './answer.js';

export const options = { iterations: 1 };

const make = (name, create) => {
  const came = attempt(() => new SharedArray(name, create));
  answer(35, { make: name, length: came.value && came.value.length, ...(came.throws ? came : {}) });
  return came.value;
};
const list = make('list', () => [{ n: [1] }, 2, 'three', null]);
const odd = make('odd', () => [undefined, new Date(0), NaN, () => 1, new Map([[1, 2]])]);
make('list', () => ['another', 'content']);
make('object', () => ({ a: 1 }));
make('text', () => 'abc');
make('throws', () => {
  throw new Error('on purpose');
});
make('promise', async () => [1]);
make('empty', () => []);
make('', () => [1]);

const CALLS = {
  'write element': () => (list[0] = 1),
  'write inside': () => (list[0].n = 2),
  'push inside': () => list[0].n.push(2),
  push: () => list.push(1),
  'set length': () => (list.length = 0),
  delete: () => delete list[0],
  'same object twice': () => list[0] === list[0],
  'out of range': () => String(list[9]),
  negative: () => String(list[-1]),
  'text index': () => list['1'],
  in: () => [0 in list, 9 in list, 'length' in list],
  spread: () => [...list],
  map: () => Array.isArray(list.map((element) => element)),
  isArray: () => Array.isArray(list),
  json: () => JSON.stringify(list),
  keys: () => Object.keys(list),
  forEach: () => typeof list.forEach,
  find: () => list.find((element) => element === 2),
  destructure: () => {
    const [first, second] = list;
    return [first, second];
  },
  odd: () => [0, 1, 2, 3, 4].map((at) => `${typeof odd[at]} ${JSON.stringify(odd[at])}`),
  'made late': () => new SharedArray('late', () => [1]).length,
};

export default function () {
  for (const [call, run] of Object.entries(CALLS)) answer(35, { call, ...attempt(run) });
}
