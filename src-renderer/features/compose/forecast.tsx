import type { PortfolioBudget } from '@shared/contract/audiences';
import { forecast } from '@shared/domain/quiet-hours';
import { useFormat } from '@renderer/i18n/use-format';
import { Notice, useNow } from '@renderer/ui';
import { type Draft, quietOf, startOf } from './draft';
import { isOverBudget, nowOf } from './over-budget';
import type { Preview } from './preview-card';
import { useComposeText } from './texts';

interface ForecastProps {
  readonly draft: Draft;
  readonly preview: Preview;
}

/** How long it takes and until when, and what is left of the portfolio's 24 hours. */
export function ForecastLines({ draft, preview }: ForecastProps) {
  const t = useComposeText();
  const format = useFormat();
  const { text, waiting } = useForecast(draft, preview);
  const { pace, budget } = preview;
  return (
    <div aria-live="off" className="flex flex-col gap-2 text-sm">
      <p className="font-medium">{text}</p>
      <p className="text-xs text-ink-3">
        {t(pace.measured ? 'forecast.measured' : 'forecast.limit', { rate: format.rate(pace.perSecond) })}
        {pace.ahead > 0 && ` ${t('forecast.ahead', { count: pace.ahead })}`}
      </p>
      {waiting > 0 && <Notice tone="info">{t('forecast.quiet', { count: waiting })}</Notice>}
      {budget !== null && <Budget budget={budget} />}
    </div>
  );
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 1_440 * MINUTE;

/** In words: "about 2h 13m, until 16:40", of those who are sent to at once. */
function useForecast(draft: Draft, preview: Preview) {
  const { preflight, pace, reach } = preview;
  const t = useComposeText();
  const format = useFormat();
  const now = useNow();
  const start = startOf(draft, now);
  const startAt = start?.startAt === undefined ? now + (start?.delayMs ?? 0) : Date.parse(start.startAt);
  const places = preflight?.places ?? [];
  const first = isOverBudget(preview) ? nowOf(draft, preview) : reach;
  // Whoever is left for later is taken to be everywhere alike.
  const shares =
    places.length === 0
      ? [{ prefix: '', recipients: first }]
      : first === reach
        ? places
        : places.map((place) => ({ ...place, recipients: Math.ceil((place.recipients * first) / reach) }));
  const { finishAt, waiting } = forecast(
    shares,
    { startAt, perSecond: pace.perSecond, ahead: pace.ahead },
    draft.isQuiet ? quietOf(draft) : null,
  );
  if (finishAt === null) return { text: t('forecast.never'), waiting };
  const took = finishAt - startAt;
  const duration = format.duration(took < MINUTE ? took : Math.round(took / MINUTE) * MINUTE);
  const isSoon = finishAt - now < DAY / 2;
  const until = isSoon ? format.clock(finishAt) : format.dateTime(Math.round(finishAt / MINUTE) * MINUTE);
  const words = { duration, until, amount: format.number(first), count: first };
  return { text: t(first < reach ? 'forecast.aboutFirst' : 'forecast.about', words), waiting };
}

function Budget({ budget }: { readonly budget: PortfolioBudget }) {
  const t = useComposeText();
  const format = useFormat();
  const { limit, used, needed } = budget;
  const left = Math.max(0, limit - used);
  const figures = {
    limit: format.number(limit),
    used: format.number(used),
    left: format.number(left),
    needed: format.number(needed),
  };
  if (needed <= left) return <p className="text-xs text-ink-3">{t('budget.fits', figures)}</p>;
  return (
    <Notice tone="warning">{t('budget.over', { ...figures, over: format.number(needed - left) })}</Notice>
  );
}
