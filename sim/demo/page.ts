import { clockText } from './clockText.ts';

/** How a piece of text may look. */
export type Look = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan';

/** Where the demo's text goes. */
export interface PageOptions {
  readonly write: (text: string) => void;
  /** Colours a text, or leaves it as it is where nobody could see colours. */
  readonly paint: (look: Look, text: string) => string;
}

/** Lines of details stand below the text of the line that they belong to. */
const clockColumns = 7;
const sourceColumns = 13;
const indent = ' '.repeat(clockColumns + sourceColumns);

/** The lines that the demo prints: headings, entries with their clock and source, details below them. */
export class Page {
  readonly paint: PageOptions['paint'];
  readonly #write: PageOptions['write'];

  constructor({ write, paint }: PageOptions) {
    this.#write = write;
    this.paint = paint;
  }

  line(text = ''): void {
    this.#write(`${text}\n`);
  }

  heading(text: string): void {
    this.line();
    this.line(this.paint('bold', text));
    this.line();
  }

  /** What somebody did, at so many seconds on the demo's clock. */
  entry(seconds: number, source: string, text: string): void {
    const clock = this.paint('dim', clockText(seconds).padEnd(clockColumns));
    this.line(`${clock}${this.paint(looks.get(source) ?? 'red', source.padEnd(sourceColumns))}${text}`);
  }

  detail(text: string): void {
    this.line(`${indent}${text}`);
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
