import Handlebars from 'handlebars';
import Mustache from 'mustache';
import { compileTemplate } from '../../src-shared/domain/template';
import type { Bench } from './bench';
import { median } from './statistics';

type Values = Readonly<Record<string, string | number>>;
type Render = (values: Values) => string;

/** The same text in each language: the guide's own, and one whose order falls back where there is none. */
const TEXTS = {
  plain: {
    ours: 'Hello {{name}}, your order {{order_id}} is ready!',
    mustache: 'Hello {{{name}}}, your order {{{order_id}}} is ready!',
    handlebars: 'Hello {{name}}, your order {{order_id}} is ready!',
  },
  fallback: {
    ours: 'Hello {{name}}, your order {{order_id|soon}} is ready!',
    mustache:
      'Hello {{{name}}}, your order {{#order_id}}{{{order_id}}}{{/order_id}}{{^order_id}}soon{{/order_id}} is ready!',
    handlebars: 'Hello {{name}}, your order {{#if order_id}}{{order_id}}{{else}}soon{{/if}} is ready!',
  },
} as const;
type Text = keyof typeof TEXTS;

const CONTACTS = 1_000;
/** One in so many has no order. */
const WITHOUT_ORDER = 10;

/** Rendering on one thread, compiled once, for contacts that differ; beside two well-known renderers. */
export const templates: Bench = {
  summary: 'filling messages in, beside mustache and handlebars',
  options: {
    rounds: { help: 'rounds of each renderer; the median counts', default: 7 },
    ms: { help: 'length of a round in ms', default: 300 },
  },
  async run({ option, progress }) {
    const contacts = Array.from({ length: CONTACTS }, (_, index) => contactOf(index));
    const figures = new Map<string, number>();
    for (const text of ['plain', 'fallback'] as const) {
      const renderers = renderersOf(text);
      // What a renderer leaves out makes it fast.
      assertSame(renderers, text === 'plain' ? contacts.filter((one) => 'order_id' in one) : contacts);
      const rounds = new Map<string, number[]>();
      for (let round = 0; round <= option('rounds'); round += 1) {
        for (const [name, render] of renderers) {
          const perSecond = measure(render, contacts, option('ms'));
          // The first round is for the compiler of the machine code.
          if (round > 0) rounds.set(name, [...(rounds.get(name) ?? []), perSecond]);
        }
        progress(`${text}: round ${round} of ${option('rounds')}`);
        await new Promise((resolve) => setImmediate(resolve));
      }
      for (const [name, each] of rounds) figures.set(`${text} ${name}`, median(each));
    }
    const figure = (name: string): number => figures.get(name) ?? NaN;
    return {
      engine: 'none',
      results: {
        rendersPerSecond: figure('fallback ours'),
        plainRendersPerSecond: figure('plain ours'),
      },
      peers: {
        mustache: figure('fallback mustache'),
        handlebars: figure('fallback handlebars'),
        plainMustache: figure('plain mustache'),
        plainHandlebars: figure('plain handlebars'),
      },
    };
  },
};

function contactOf(index: number): Values {
  const values = { name: `Person ${index}`, city: 'Riyadh', amount: index / 4 };
  return index % WITHOUT_ORDER === 0 ? values : { ...values, order_id: `ORD-${10_000 + index}` };
}

function renderersOf(text: Text): ReadonlyMap<string, Render> {
  const source = TEXTS[text];
  const ours = compileTemplate(source.ours);
  if (!ours.ok) throw new Error('Our own template does not compile.');
  // Parsed once; render finds it in mustache's own cache.
  Mustache.parse(source.mustache);
  const handlebars = Handlebars.compile<Values>(source.handlebars, { noEscape: true });
  return new Map<string, Render>([
    ['ours', (values) => ours.template.render(values)],
    ['mustache', (values) => Mustache.render(source.mustache, values)],
    ['handlebars', (values) => handlebars(values)],
  ]);
}

function assertSame(renderers: ReadonlyMap<string, Render>, contacts: readonly Values[]): void {
  for (const values of contacts) {
    const texts = new Set([...renderers.values()].map((render) => render(values)));
    if (texts.size !== 1) throw new Error(`The renderers disagree: ${[...texts].join(' / ')}`);
  }
}

/** Renders a second, over all contacts again and again. */
function measure(render: Render, contacts: readonly Values[], ms: number): number {
  let renders = 0;
  let characters = 0;
  const started = performance.now();
  let now = started;
  while (now - started < ms) {
    for (const values of contacts) characters += render(values).length;
    renders += contacts.length;
    now = performance.now();
  }
  // Whatever nobody looks at may be left out by the machine.
  if (characters === 0) throw new Error('Nothing was rendered.');
  return (renders / (now - started)) * 1_000;
}
