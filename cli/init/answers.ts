import { createInterface } from 'node:readline/promises';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import { hostOf } from '../../lib/target.ts';

export const CI_KINDS = ['github', 'gitlab', 'none'] as const;
export type CiKind = (typeof CI_KINDS)[number];

/** What a starter project is made from. */
export interface InitAnswers {
  /** URL of PingFederate; '': the built-in simulator alone. */
  readonly target: string;
  readonly clientId: string;
  readonly ci: CiKind;
  /** With a script of one's own. */
  readonly script: boolean;
}

/** The same as flags say it; undefined: not said. */
export type SaidAnswers = { readonly [Name in keyof InitAnswers]: InitAnswers[Name] | undefined };

export const USUAL: InitAnswers = { target: '', clientId: 'pairstorm', ci: 'github', script: true };

/** Throws a ConfigurationError for a URL that no run would take. */
export function checkedTarget(text: string): string {
  const url = text.trim().replace(/\/+$/, '');
  if (url === '' || hostOf(url) !== undefined) return url;
  throw new ConfigurationError(
    'the target is not usable; write scheme, host, port and path only, such as https://sso.example.com:9031',
  );
}

export function checkedCi(text: string): CiKind {
  const kind = CI_KINDS.find((one) => one === text.trim().toLowerCase());
  if (kind === undefined) throw new ConfigurationError(`CI is "${text}"; write ${CI_KINDS.join(', ')}`);
  return kind;
}

function checkedClient(text: string): string {
  if (/^[\w.~:@-]{1,200}$/.test(text)) return text;
  throw new ConfigurationError('the client id is not usable; write it as PingFederate shows it');
}

/** A question, if what was said so far leaves it open, and where its answer goes. */
interface Question {
  readonly ask: (said: SaidAnswers) => string | undefined;
  readonly take: (said: SaidAnswers, text: string) => SaidAnswers;
}

const QUESTIONS: readonly Question[] = [
  {
    ask: ({ target }) =>
      target === undefined ? 'URL of your PingFederate (empty: the built-in simulator)' : undefined,
    take: (said, text) => ({ ...said, target: checkedTarget(text) }),
  },
  {
    ask: ({ target, clientId }) =>
      clientId === undefined && target !== '' ? `OAuth client id [${USUAL.clientId}]` : undefined,
    take: (said, text) => ({ ...said, clientId: checkedClient(text || USUAL.clientId) }),
  },
  {
    ask: ({ ci }) => (ci === undefined ? `CI: ${CI_KINDS.join(', ')} [${USUAL.ci}]` : undefined),
    take: (said, text) => ({ ...said, ci: checkedCi(text || USUAL.ci) }),
  },
  {
    ask: ({ script }) => (script === undefined ? 'A script of your own in tests/? [yes]' : undefined),
    take: (said, text) => ({ ...said, script: !/^n/i.test(text) }),
  },
];

/**
 * Asks what the flags did not say; a wrong answer is asked again. Throws a ConfigurationError where the answers end before
 * the questions do (Ctrl-C, Ctrl-D).
 */
async function asked(said: SaidAnswers): Promise<SaidAnswers> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // Lines that are typed ahead wait here.
  const typed = lines[Symbol.asyncIterator]();
  let answers = said;
  try {
    for (const { ask, take } of QUESTIONS) {
      for (let question = ask(answers); question !== undefined; question = ask(answers)) {
        lines.setPrompt(`${question}: `);
        lines.prompt();
        const line = (await typed.next()) as IteratorResult<string, undefined>;
        if (line.done === true)
          throw new ConfigurationError('nothing was made; --yes takes what is usual without questions');
        try {
          answers = take(answers, line.value.trim());
        } catch (error) {
          if (!(error instanceof ConfigurationError)) throw error;
          process.stderr.write(`${error.message}\n`);
        }
      }
    }
    return answers;
  } finally {
    lines.close();
  }
}

/** What was said, else asked where somebody is there to answer, else as usual. */
export async function answersOf(said: SaidAnswers, interactive: boolean): Promise<InitAnswers> {
  const answers = interactive ? await asked(said) : said;
  return {
    target: answers.target ?? USUAL.target,
    clientId: checkedClient(answers.clientId ?? USUAL.clientId),
    ci: answers.ci ?? USUAL.ci,
    script: answers.script ?? USUAL.script,
  };
}
