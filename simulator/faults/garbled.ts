import type { GarbledFault } from '../wire/faults.ts';
import type { Effect } from './effects.ts';
import { htmlPage } from './html-page.ts';

/** A success that is none: a page where JSON should be, as captive portals and gateways send. */
export const garbled: Effect<GarbledFault> = ({ hit }) => {
  hit();
  return { httpStatus: 200, ...htmlPage('Please wait', 'The page is being prepared.'), code: 'fault' };
};
