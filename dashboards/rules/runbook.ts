/** Where the runbook is: docs/runbook.md, one section per alert. */
const RUNBOOK = 'docs/runbook.md';

/** The anchor of an alert's section: its name in lower case, as Markdown viewers make it of a heading. */
export const anchorOf = (alert: string): string => alert.toLowerCase();

/** The link of an alert to its section; relative to the repository, because every copy of it has the page. */
export const runbookUrl = (alert: string): string => `${RUNBOOK}#${anchorOf(alert)}`;
