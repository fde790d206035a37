import type { ReportModel } from '../model/report-model.ts';
import { htmlPage } from './page-shell.ts';
import { markup } from './markup.ts';
import type { Content, Markup } from './markup.ts';
import { driftSection } from './section/drift.ts';
import { errorSection, failureSection } from './section/failures.ts';
import { firstScreen } from './section/first-screen.ts';
import { generatorSection } from './section/generator.ts';
import { latencySection, throughputSection } from './section/load.ts';
import { outcomeSection } from './section/outcomes.ts';
import { checkTable, ownMetricTable } from './section/own-script.ts';
import { faultTable, levelTable, partTable } from './section/parts.ts';
import { pairingSection, pollingSection } from './section/paths.ts';
import { resilienceSection } from './section/resilience.ts';
import { nameOfTarget } from '../model/run-facts.ts';
import { settingsSection } from './section/settings.ts';
import { stepTable } from './section/steps.ts';
import { thresholdSection } from './section/thresholds.ts';

interface Section {
  readonly id: string;
  readonly title: string;
  /** Null: the run has nothing of this kind; the section is omitted. */
  readonly content: Content | null;
}

/**
 * The report as one self-contained HTML page: no scripts, fonts or images, and a policy that forbids fetching any. It
 * starts with what a reader needs in the first ten seconds, which is also the first printed page.
 */
export function htmlReport(model: ReportModel): string {
  const sections = sectionsOf(model).filter(({ content }) => content !== null);
  return page(
    model,
    markup`<nav aria-label="Sections">
          <ul>
            ${sections.map(({ id, title }) => markup`<li><a href="#${id}">${title}</a></li>`)}
          </ul>
        </nav>
        <main id="main" tabindex="-1">
          ${sections.map(sectionMarkup)}
        </main>`,
  );
}

/** A section under its heading. */
export function sectionMarkup({ id, title, content }: Section): Markup {
  return markup`<section id="${id}" aria-labelledby="${id}-h">
                <h2 id="${id}-h">${title}</h2>
                ${content}
              </section> `;
}

/** The first screen alone: one page of paper for somebody who decides. */
export function onePageReport(model: ReportModel): string {
  return page(model, false);
}

/** `rest`: what follows the first screen. */
function page(model: ReportModel, rest: Content): string {
  const { run, verdict } = model;
  return htmlPage({
    title: markup`${verdict.word}: ${run.script}, ${run.testid}`,
    pairstorm: run.pairstorm,
    skip: rest === false ? 'Skip to the verdict' : 'Skip to the results',
    kind: rest === false ? 'one' : 'whole',
    body: markup`${rest === false ? markup`<main id="main" tabindex="-1">${firstScreen(model)}</main>` : firstScreen(model)}
        ${rest}
        <footer>
          Made by Pairstorm ${run.pairstorm} from the record <span class="code">${run.testid}</span>. This page is self-contained and makes no network requests.
        </footer>`,
  });
}

/** All sections, in order. */
export function sectionsOf(model: ReportModel): readonly Section[] {
  const { flows, pairing, polling, time, latency, throughput, bands } = model;
  const when = (there: boolean, content: () => Content): Content | null => (there ? content() : null);
  return [
    { id: 'drift', title: 'Drift', content: model.drift && driftSection(model.drift) },
    { id: 'resilience', title: 'Resilience', content: model.resilience && resilienceSection(model.resilience) },
    { id: 'thresholds', title: 'Thresholds', content: thresholdSection(model) },
    { id: 'outcomes', title: 'Outcomes by flow kind', content: flows && outcomeSection(flows) },
    { id: 'phases', title: 'Parts of the run', content: when(parts(model).length > 0, () => parts(model)) },
    { id: 'pairing', title: 'Pairing path', content: pairing && pairingSection(pairing, model) },
    { id: 'polling', title: 'Polling path', content: polling && pollingSection(polling, model) },
    {
      id: 'steps',
      title: 'All steps',
      content: when(model.steps.length > 0, () =>
        stepTable('Requests of flows by step; times are those of answered ones', model.steps),
      ),
    },
    {
      id: 'requests',
      title: 'Requests',
      content: when(model.requests.length > 0, () =>
        stepTable('Requests by name; times are those of answered ones', model.requests, 'Request'),
      ),
    },
    { id: 'checks', title: 'Checks', content: when(model.checks.length > 0, () => checkTable(model.checks)) },
    {
      id: 'metrics',
      title: 'Custom metrics',
      content: when(model.ownMetrics.length > 0, () => ownMetricTable(model.ownMetrics)),
    },
    { id: 'latency', title: 'Latency', content: latency && time && latencySection(latency, time, model) },
    {
      id: 'throughput',
      title: 'Throughput against schedule',
      content: throughput && time && throughputSection(throughput, time, bands, randomStarts(model)),
    },
    { id: 'generator', title: 'Load generator', content: generatorSection(model) },
    {
      id: 'failures',
      title: 'Failed flows',
      content: when(flows !== null || model.failures.kept > 0, () => failureSection(model.failures)),
    },
    { id: 'errors', title: 'Errors', content: errorSection(model.errors, nameOfTarget(model.run)) },
    { id: 'settings', title: 'Settings and machines', content: settingsSection(model) },
  ];
}

/** Whether flows start like independent people. */
function randomStarts({ run }: ReportModel): boolean {
  return run.settings.some(([name, value]) => name === 'ARRIVALS' && value === 'poisson');
}

function parts({ phases, levels, faults, run }: ReportModel): readonly Markup[] {
  return [
    ...(phases.length === 0 ? [] : [partTable(`By phase: requests to ${nameOfTarget(run)}`, 'Phase', phases)]),
    ...(levels.length === 0 ? [] : [levelTable(levels)]),
    ...(faults.length === 0 ? [] : [faultTable(faults)]),
  ];
}
