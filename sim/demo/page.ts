import { clockText } from './clockText.ts';
import { wrapped } from './wrapped.ts';

/** How a piece of text may look. */
export type Look = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan';

/** Where the demo's text goes. */
export interface PageOptions {
  readonly write: (text: string) => void;
  /** Colours a text, or leaves it as it is where nobody could see colours. */
  readonly paint: (look: Look, text: string) => string;
}

const clockColumns = 7;
const sourceColumns = 13;
const columnsMax = 118;
/** Lines of details stand below the text of the line that they belong to. */
const indent = ' '.repeat(clockColumns + sourceColumns);

/** The lines that the demo prints: headings, entries with their clock and source, details below them. */
export class Page {
  readonly #options: PageOptions;

  constructor(options: PageOptions) {
    this.#options = options;
  }

  line(text = '', look?: Look): void {
    this.#options.write(`${this.#painted(text, look)}\n`);
  }

  heading(text: string): void {
    this.line();
    this.line(text, 'bold');
    this.line();
  }

  /** What somebody did, at so many seconds on the demo's clock. */
  entry(seconds: number, source: string, text: string, look?: Look): void {
    const clock = this.#painted(clockText(seconds).padEnd(clockColumns), 'dim');
    const name = this.#painted(source.padEnd(sourceColumns), looks.get(source) ?? 'red');
    const [first = '', ...rest] = this.#fitted(text);
    this.line(`${clock}${name}${this.#painted(first, look)}`);
    for (const more of rest) {
      this.line(`${indent}  ${this.#painted(more, look)}`);
    }
  }

  detail(text: string, look?: Look): void {
    for (const [index, part] of this.#fitted(text).entries()) {
      this.line(`${indent}${index === 0 ? '' : '  '}${this.#painted(part, look)}`);
    }
  }

  /** Something expected: whether it held, as far as that is known, and what was found. */
  verdict(held: boolean | undefined, text: string, figures: string): void {
    const look = held === undefined ? 'yellow' : held ? 'green' : 'red';
    const mark = held === undefined ? '–' : held ? '✓' : '✗';
    const found = (part: string): string => this.#painted(part, held === true ? 'dim' : look);
    const head = `${this.#painted(mark, look)} ${text}`;
    if (text.length + figures.length + 4 <= columnsMax) {
      this.line(`${head}: ${found(figures)}`);
      return;
    }
    this.line(head);
    for (const part of wrapped(figures, columnsMax - 4)) {
      this.line(`    ${found(part)}`);
    }
  }

  #fitted(text: string): readonly string[] {
    return wrapped(text, columnsMax - indent.length);
  }

  #painted(text: string, look: Look | undefined): string {
    return look === undefined ? text : this.#options.paint(look, text);
  }
}

/** A source that is not here tells of trouble. */
const looks: ReadonlyMap<string, Look> = new Map([
  ['operator', 'yellow'],
  ['autoscaling', 'blue'],
  ['ec2', 'cyan'],
  ['route53', 'magenta'],
  ['asg-srv', 'green'],
]);
