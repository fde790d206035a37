import type { PlanRow } from '../../analysis/planning/plan.ts';
import { numberWords } from '../../analysis/planning/units.ts';
import { NOTHING } from '../quantity.ts';
import type { PlanFile } from './plan-file.ts';

/** A column of the table of nodes. */
interface Column {
  readonly head: string;
  readonly cell: (row: PlanRow) => string;
}

const free = (share: number | null): string =>
  share === null ? NOTHING : share < 0 ? `${Math.round(-share * 100)} % short` : `${Math.round(share * 100)} %`;
const ENOUGH: readonly (readonly [boolean | null, string])[] = [
  [true, 'enough'],
  [false, 'too little'],
  [null, 'not known'],
];

/** The table of nodes: what they take, what is free at the peak, and whether that survives a failure. */
export function planColumns({ question, nodes }: Pick<PlanFile, 'question' | 'nodes'>): readonly Column[] {
  const { nodesMayFail } = question;
  const rate = (value: number | null | undefined): string => (value == null ? NOTHING : `${numberWords(value)}/s`);
  return [
    { head: 'nodes', cell: (row) => `${row.nodes}` },
    { head: 'at least', cell: ({ capacity }) => rate(capacity?.low) },
    { head: 'estimate', cell: ({ capacity }) => rate(capacity?.rate) },
    { head: 'basis', cell: ({ capacity }) => capacity?.source ?? 'not measured' },
    { head: 'free at peak', cell: ({ headroom }) => free(headroom) },
    ...(nodesMayFail === 0
      ? []
      : [
          {
            head: `with ${nodesMayFail} down`,
            cell: ({ headroomAfterFailure }: PlanRow) => free(headroomAfterFailure),
          },
        ]),
    {
      head: '',
      cell: (row) => `${ENOUGH.find(([enough]) => enough === row.enough)![1]}${row.nodes === nodes ? ' ◀' : ''}`,
    },
  ];
}
