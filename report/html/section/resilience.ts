import { asSentence } from '../../model/verdict-view.ts';
import type { ResilienceCase, ResilienceView } from '../../model/resilience-view.ts';
import { markup } from '../markup.ts';
import type { Markup } from '../markup.ts';
import { table } from '../table.ts';

const WORDS: Readonly<Record<ResilienceCase['outcome'], Markup>> = {
  passed: markup`✓ held`,
  failed: markup`<span class="not">✗ failed</span>`,
  not_known: markup`? not known`,
  error: markup`<span class="not">✗ no experiment</span>`,
};

/** What each fault broke, when it was over, what it cost, and whether its hypothesis held. */
export function resilienceSection({ summary, sentences, rows, cases }: ResilienceView): Markup {
  return markup`<p class="lead"><b>${asSentence(summary)}</b></p>
    <ul>
      ${sentences.map((sentence) => markup`<li>${sentence}</li>`)}
    </ul>
    ${table({
      caption: 'Effects of each fault; intervals are 95 %',
      columns: [
        { head: 'Fault' },
        { head: 'Time to impact', number: true },
        { head: 'Recovery', number: true },
        { head: 'Detected', number: true },
        { head: 'Flows lost', number: true },
        { head: 'Users stuck', number: true },
        { head: 'Requests per flow', number: true },
        { head: 'Burn rate', number: true },
        { head: 'Afterwards' },
      ],
      rows: rows.map(({ fault, impact, recovery, detected, lost, stuck, requests, burn, after }) => [
        markup`<code>${fault}</code>`,
        ...[impact, recovery, detected, lost, stuck, requests, burn, after],
      ]),
    })}
    ${table({
      caption: 'Hypothesis of each fault',
      columns: [{ head: 'Fault' }, { head: 'Expectation' }, { head: 'Verdict' }, { head: 'Measured' }],
      rows: cases.map(({ fault, name, outcome, sentence }) => [
        markup`<code>${fault}</code>`,
        name,
        WORDS[outcome],
        sentence,
      ]),
    })}
    <p class="quiet">
      Charts shade each fault from when it was confirmed to have started until it was confirmed to have ended, and the
      95 % interval of the time at which it was over.
    </p>`;
}
