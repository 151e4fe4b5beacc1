import type { AlertRule, Incident, RuleStanding } from '@shared/contract/alerts';
import { subjectKey, thresholdOf, type IncidentSubject } from '@shared/domain/alert-rules';
import {
  alreadyFiring,
  stepAlert,
  unwatched,
  type AlertLimits,
  type AlertState,
} from '@shared/domain/alert-state';
import { entryKey, type IncidentBook } from './incidents/book';
import { isKnownFine, readingsOf, type Picture, type Reading } from './picture';

/** A figure that has come back under its threshold has to stay there for so long, in ms. */
const CLEAR_MS = 15_000;

interface Watched {
  readonly subject: IncidentSubject;
  state: AlertState;
}

export interface Evaluation {
  readonly standings: RuleStanding[];
  readonly resolved: Incident[];
}

/** Holds the rules against what is seen, look by look, and keeps the book of incidents. */
export class AlertEvaluator {
  /** By rule, then by subject. */
  private readonly watched = new Map<
    string,
    { readonly version: string; readonly subjects: Map<string, Watched> }
  >();

  constructor(
    private readonly book: Pick<IncidentBook, 'begin' | 'end' | 'see' | 'get' | 'has'>,
    private readonly clearMs = CLEAR_MS,
  ) {}

  evaluate(rules: readonly AlertRule[], picture: Picture): Evaluation {
    const resolved: Incident[] = [];
    const standings = rules
      .filter(({ enabled }) => enabled)
      .map((rule) => standingOf(rule, this.look(rule, picture, resolved)));
    const known = new Set(standings.map(({ ruleId }) => String(ruleId)));
    for (const id of this.watched.keys()) if (!known.has(id)) this.watched.delete(id);
    return { standings, resolved };
  }

  private look(rule: AlertRule, picture: Picture, resolved: Incident[]): readonly Watched[] {
    const subjects = this.subjectsOf(rule);
    const readings = readingsOf(rule.condition, picture);
    const named = new Set(readings.map(({ subject }) => subjectKey(subject)));
    const gone = [...subjects.entries()].filter(([key]) => !named.has(key));
    for (const [key, { subject, state }] of gone) {
      const value = isKnownFine(rule.condition, picture) ? 0 : null;
      this.step(rule, subjects, { subject, value, detail: null }, picture.at, resolved);
      // What is not there any more, and was no alert, need not be watched.
      if (value !== null && state.phase !== 'firing') subjects.delete(key);
    }
    for (const reading of readings) this.step(rule, subjects, reading, picture.at, resolved);
    return [...subjects.values()];
  }

  private step(
    rule: AlertRule,
    subjects: Map<string, Watched>,
    { subject, value, detail }: Reading,
    at: number,
    resolved: Incident[],
  ): void {
    const limits: AlertLimits = {
      threshold: thresholdOf(rule.condition),
      forMs: rule.forSeconds * 1_000,
      clearMs: this.clearMs,
    };
    const key = entryKey(rule.id, subject);
    const { state, event } = stepAlert(this.stateOf(subjects, key, subject, at), value, limits, at);
    subjects.set(subjectKey(subject), { subject, state });
    if (event === 'fired' && state.phase === 'firing' && value !== null) {
      const { since, firedAt, peak } = state;
      this.book.begin(rule, subject, { since, firedAt, value, peak, detail });
      return;
    }
    if (event === 'resolved') {
      const kept = this.book.get(key);
      if (kept !== undefined) resolved.push(kept.incident);
      this.book.end(key);
      return;
    }
    if (state.phase === 'firing') this.book.see(key, value, value !== null && value >= limits.threshold);
  }

  /** Another console, or an earlier run, may have begun or ended the incident: the book is right. */
  private stateOf(
    subjects: ReadonlyMap<string, Watched>,
    key: string,
    subject: IncidentSubject,
    at: number,
  ): AlertState {
    const state = subjects.get(subjectKey(subject))?.state ?? unwatched(at);
    const isOpen = this.book.has(key);
    if (isOpen === (state.phase === 'firing')) return state;
    if (!isOpen) return unwatched(at);
    const incident = this.book.get(key)?.incident;
    if (incident === undefined) return state;
    const { beganAt, openedAt, peak } = incident;
    return alreadyFiring(at, { since: Date.parse(beganAt), firedAt: Date.parse(openedAt), peak });
  }

  /** Those of the rule as it is now: another version begins anew. */
  private subjectsOf(rule: AlertRule): Map<string, Watched> {
    const version = JSON.stringify([rule.condition, rule.forSeconds]);
    const known = this.watched.get(rule.id);
    if (known?.version === version) return known.subjects;
    const subjects = new Map<string, Watched>();
    this.watched.set(rule.id, { version, subjects });
    return subjects;
  }
}

const GRAVITY = { firing: 2, pending: 1, ok: 0 } as const;

const standingOf = (rule: AlertRule, watched: readonly Watched[]): RuleStanding => {
  const [worst] = [...watched].sort(
    (a, b) =>
      GRAVITY[b.state.phase] - GRAVITY[a.state.phase] || (b.state.value ?? -1) - (a.state.value ?? -1),
  );
  const ruleId = rule.id;
  const isFine = rule.condition.kind === 'campaign-stopped' && watched.length === 0;
  if (worst === undefined) return { ruleId, phase: isFine ? 'ok' : 'unknown', value: null, subject: null };
  const { subject, state } = worst;
  const phase = state.phase === 'ok' && !state.known ? 'unknown' : state.phase;
  return { ruleId, phase, value: state.value, subject };
};
