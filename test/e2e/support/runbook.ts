/** A command of a document, in a block ```` ```sh run ````, and the output that the document shows below it. */
export interface Step {
  /** For messages: the section, and the command itself. */
  readonly section: string;
  readonly command: string;
  readonly exitCode: number;
  /** It is repeated until the output has this. */
  readonly until: string | undefined;
  /** Whether the breaker's keeper, which else comes once a minute, is called meanwhile. */
  readonly keeper: boolean;
  /** Whether it waits until all that was begun before is done. */
  readonly drained: boolean;
  /** What the document shows; undefined where it shows nothing. */
  readonly shown: string | undefined;
  /** Offsets of what is shown. */
  readonly range: readonly [number, number] | undefined;
}

const BLOCK = /^```sh run(.*)\n([^]*?)^```\n(?:\n```text\n([^]*?)^```\n)?/gm;

/** The executable steps of a document, in its order. */
export function stepsOf(document: string): Step[] {
  return [...document.matchAll(BLOCK)].map((match) => {
    const [whole, flags = '', command = '', shown] = match;
    const before = document.slice(0, match.index);
    const end = match.index + whole.length - '```\n'.length;
    return {
      section: [...before.matchAll(/^#{2,} (.*)$/gm)].at(-1)?.[1] ?? '',
      command: command.replace(/\\\n\s*/g, ' ').trim(),
      exitCode: Number(/exit=(\d)/.exec(flags)?.[1] ?? 0),
      until: /until="([^"]*)"/.exec(flags)?.[1],
      keeper: /\bkeeper\b/.test(flags),
      drained: /\bdrained\b/.test(flags),
      shown,
      range: shown === undefined ? undefined : [end - shown.length, end],
    };
  });
}

/** What is different in each run: how it looks, and what the document has in its place. */
const VARYING: readonly (readonly [RegExp, (number: number) => string])[] = [
  // Correlation ids are UUIDs of version 7; a provider's own ids are of version 4.
  [uuid(7), (n) => `01a20930-0000-7000-8000-${padded(n, 12)}`],
  [uuid(4), (n) => `5e1f0000-0000-4000-8000-${padded(n, 12)}`],
  // A sender's token, and the first digits of its hash.
  [
    /(?<![\w-])(?=[\w-]*[A-Z])[\w-]{43}(?![\w-])/g,
    (n) => `A-new-token-A-new-token-A-new-token-${padded(n, 7)}`,
  ],
  [/(?<![\w-])[0-9a-f]{8}(?![\w-])/g, (n) => `70ce0${padded(n, 3)}`],
];

function uuid(version: number): RegExp {
  return new RegExp(`[0-9a-f]{8}-[0-9a-f]{4}-${version}[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}`, 'g');
}

const padded = (number: number, digits: number): string => String(number).padStart(digits, '0');
const DOCUMENT_URL = 'http://127.0.0.1:4010';

/** Stand-ins for what is different in each run: the document's reader gets the same in each edition. */
export class StandIns {
  /** For each kind, what stands in for what. */
  readonly #known = VARYING.map(() => new Map<string, string>());
  readonly #url: string;

  /** @param url the local run's, which the document has on the default port */
  constructor(url: string) {
    this.#url = url;
  }

  /** Output as the document shows it: ids, times and secrets replaced, the same ones alike. */
  hide(text: string): string {
    const { port } = new URL(this.#url);
    const here = text
      .replaceAll(this.#url, DOCUMENT_URL)
      .replaceAll(`PORT=${port} `, '')
      .replaceAll(`runs/${port}/`, 'runs/4010/')
      .replace(/\d{4}-\d\d-\d\d([ T])\d\d:\d\d:\d\d(?:\.\d{3})?Z/g, '2026-11-23$103:00:00Z');
    return VARYING.reduce(
      (hidden, [pattern], kind) => hidden.replace(pattern, (value) => this.#standIn(kind, value)),
      here,
    );
  }

  /** A command as it is run: what stands in for something is what it stands for. */
  reveal(command: string): string {
    const pairs = this.#known.flatMap((kind) => [...kind]);
    return pairs.reduce(
      (revealed, [value, standIn]) => revealed.replaceAll(standIn, value),
      command.replaceAll(DOCUMENT_URL, this.#url),
    );
  }

  #standIn(kind: number, value: string): string {
    const known = this.#known[kind] ?? new Map<string, string>();
    // A stand-in of an earlier kind, which looks like one of this kind too.
    if (this.#known.some((each) => [...each.values()].includes(value))) return value;
    const standIn = known.get(value) ?? VARYING[kind]?.[1](known.size + 1) ?? value;
    known.set(value, standIn);
    return standIn;
  }
}

/**
 * What must be the same in two runs: words, and the number of lines. Figures differ, columns are as wide as their
 * contents, and what happens at the same time may be told in any order.
 */
export const shapeOf = (text: string): string =>
  text
    .split('\n')
    .map((line) =>
      line
        .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
        .replace(/\b70ce0\d{3}\b/g, '<digits>')
        .replace(/\d+(?:\.\d+)? (?:ms|s|min|h)(?: \d+ (?:s|min))?/g, '<time>')
        .replace(/\b(RUNNING|SUCCEEDED)\b/, '<status>')
        .replace(/zapier-(jira|finance)/g, 'zapier-<zap>')
        .replace(/\d+/g, '<n>')
        .replace(/ +/g, ' ')
        // An age that only CloudWatch knows, of a message that happens to be under way.
        .replace(/ \?$/, '')
        .trim(),
    )
    .sort()
    .join('\n');

/** The words of a command line, quotes taken off. */
export const wordsOf = (line: string): string[] =>
  [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  );
