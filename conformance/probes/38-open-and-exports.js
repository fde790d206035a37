// UNKNOWN-38: the base folder of open() in an imported file and in a function of it. Forms of export: 38b and 38c.
/* global open */
import { atInit, openFrom } from './folder/inner.js';
import { answer, attempt } from './answer.js';

answer(38, { here: attempt(() => open('./here.txt')), bare: attempt(() => open('here.txt')), inner: atInit });
answer(38, { function: attempt(() => openFrom('./here.txt')), missing: attempt(() => open('./none.txt')) });
answer(38, { binary: attempt(() => open('./here.txt', 'b').byteLength) });

export const options = { iterations: 1 };

export default function () {
  answer(38, { late: attempt(() => open('./here.txt')) });
}
