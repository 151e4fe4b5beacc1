import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import type { ImportOptions, ImportPreview, Mapping } from '@shared/contract/imports';
import type { ImportId } from '@shared/domain/ids';
import { useFormat } from '@renderer/i18n/use-format';
import { Button, Card, Later, ErrorState, Page, showToast, SkeletonLines } from '@renderer/ui';
import { mappingProblems } from '@shared/domain/column-mapping';
import { ColumnsCard, ColumnsPlace } from './columns-card';
import { CannotContinue, ContinueCard } from './continue-card';
import { DatesCard } from './dates-card';
import { Discard } from './discard';
import { type Basis, columnsOn, newBasis, optionsOn } from './draft-basis';
import { beginningOf, keepChoice } from './draft-choices';
import { Misnamed, NothingToImport, SameFile, withoutCountry } from './draft-notices';
import { areTagsUsable, OptionsCard } from './options-card';
import { wordsOf } from '@renderer/platform/failure';
import { PlaceCard, type PlaceCardProps, type PlaceField } from './place-card';
import { useDraft, useStart } from './queries';
import { usePreview } from './rows/queries';
import { Judging } from './rows/reading';
import { RowsCard, RowsPlace } from './rows/rows-card';
import { useImportText } from './texts';
import { rulesInUse } from './update-rules';

interface DraftScreenProps {
  readonly importId: ImportId;
  readonly onLeave: () => void;
  /** Told when the rows go into another import. */
  readonly onOpen: (importId: ImportId) => void;
}

/** A file that was opened: what goes where, and what would come of it. */
export function DraftScreen({ importId, onLeave, onOpen }: DraftScreenProps) {
  const t = useImportText();
  const draft = useDraft(importId, true);
  const resumedRef = useRef<PlaceField>(null);
  // A form of every column is 60 ms of drawing at once; put off, it is drawn in slices and blocks nothing.
  const shown = useDeferredValue(draft.data, undefined);
  if (draft.error !== null)
    return (
      <Page title={t('title')}>
        <ErrorState error={wordsOf(draft.error)} onRetry={() => void draft.refetch()} size="page" />
      </Page>
    );
  if (shown === undefined)
    return (
      <Page title={t('title')}>
        <SkeletonLines lines={10} />
      </Page>
    );
  // A look at another sheet or header row starts with its own suggestion.
  const place = `${shown.sheet}/${shown.headerRow}`;
  return <Draft key={place} draft={shown} resumedRef={resumedRef} onLeave={onLeave} onOpen={onOpen} />;
}

interface DraftProps extends Omit<DraftScreenProps, 'importId'>, PlaceCardProps {}

function Draft({ draft, resumedRef, onLeave, onOpen }: DraftProps) {
  const t = useImportText();
  const format = useFormat();
  const [beginning] = useState(() => beginningOf(draft));
  const [basis, setBasis] = useState<Basis>(beginning.basis);
  const columns = columnsOn(draft, basis);
  const [mapping, setMapping] = useState<Mapping>(beginning.mapping);
  const [options, setOptions] = useState<ImportOptions>(beginning.options);
  const isChanged =
    basis !== beginning.basis || mapping !== beginning.mapping || options !== beginning.options;
  useEffect(() => {
    if (isChanged) keepChoice(draft, { basis, mapping, options });
  }, [isChanged, draft, basis, mapping, options]);
  const begin = useCallback(
    (next: Basis): void => {
      setBasis(next);
      setMapping(columnsOn(draft, next).map((column) => column.target));
      setOptions(optionsOn(draft, next));
    },
    [draft],
  );
  const change = useCallback(
    (part: Partial<ImportOptions>): void => setOptions((last) => ({ ...last, ...part })),
    [],
  );
  const continueImport = basis === 'continued';
  const problem = mappingProblems(mapping)[0]?.message;
  const usable = problem === undefined && areTagsUsable(options);
  const chosen = useMemo(() => {
    // The rows are shown all the same while the tags are mended; nothing can be started until then.
    const possible = areTagsUsable(options) ? options : { ...options, tags: [] };
    return { mapping, options: rulesInUse(mapping, possible), continueImport };
  }, [mapping, options, continueImport]);
  const settled = useDeferredValue(chosen);
  const judging = useMemo(() => ({ importId: draft.id, ...settled }), [draft.id, settled]);
  const headers = useMemo(() => draft.columns.map(({ header }) => header), [draft.columns]);
  const preview = usePreview(judging, usable);
  const start = useStart(draft.id);
  // What came of the rows is drawn in slices, and only where it is told: the forms are memoised.
  const found = useDeferredValue(preview.data);
  const written = found === undefined ? 0 : found.fates.create + found.fates.update;
  const judges = usable && found === undefined && preview.error === null;
  const ready = usable && found !== undefined && preview.error === null && written > 0;
  const begins = (shown: ImportPreview['fates']): void =>
    start.mutate(
      { judging: { importId: draft.id, ...chosen }, shown },
      {
        onSuccess: (summary) => {
          if (summary === null) showToast({ title: t('othersShown'), tone: 'warning' });
          else if (summary.id !== draft.id) onOpen(summary.id);
        },
      },
    );
  return (
    <Page
      title={draft.fileName}
      hint={
        !usable
          ? (problem ?? t('tagsProblem'))
          : found === undefined
            ? t('hint')
            : t('startHint', {
                reject: format.number(found.fates.reject),
                skip: format.number(found.fates.skip),
              })
      }
      actions={
        <>
          <Discard
            importId={draft.id}
            fileName={draft.fileName}
            corrections={found?.corrections ?? 0}
            onDiscarded={onLeave}
          >
            {(press, busy) => (
              <Button variant="ghost" busy={busy} onClick={press}>
                {t('discard')}
              </Button>
            )}
          </Discard>
          <Button
            variant="primary"
            disabled={!ready}
            busy={start.isPending || judges}
            onClick={() => found !== undefined && begins(found.fates)}
          >
            {judges ? (
              <Judging importId={draft.id} />
            ) : (
              t(continueImport ? 'continuing.start' : 'start', { count: written })
            )}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {draft.sameFile !== null && <SameFile same={draft.sameFile} onOpen={onOpen} />}
        {found !== undefined && usable && preview.error === null && written === 0 && (
          <NothingToImport found={found} options={options} />
        )}
        <Misnamed draft={draft} />
        {draft.cannotContinue !== null && <CannotContinue refused={draft.cannotContinue} onOpen={onOpen} />}
        {draft.continues !== null && (
          <ContinueCard
            continues={draft.continues}
            value={continueImport}
            onChange={(goesOn) => begin(goesOn ? 'continued' : newBasis(draft))}
          />
        )}
        <Later
          after={1}
          fallback={
            <Card>
              <SkeletonLines lines={8} />
            </Card>
          }
        >
          <PlaceCard draft={draft} resumedRef={resumedRef} />
        </Later>
        <Later after={3} fallback={<ColumnsPlace columns={columns.length} />}>
          <ColumnsCard
            draft={draft}
            basis={basis}
            columns={columns}
            mapping={mapping}
            defaultCountry={options.defaultCountry}
            onChange={setMapping}
            onBasis={begin}
          />
        </Later>
        {found !== undefined && found.dates.length > 0 && (
          <DatesCard
            dates={found.dates}
            orders={options.dateOrders}
            onChange={(dateOrders) => change({ dateOrders })}
          />
        )}
        <Later
          after={4}
          fallback={
            <Card>
              <SkeletonLines lines={6} />
            </Card>
          }
        >
          <OptionsCard
            key={basis}
            mapping={mapping}
            options={options}
            withoutCountry={found === undefined ? 0 : withoutCountry(found)}
            onChange={change}
          />
        </Later>
        <Later after={7} fallback={<RowsPlace />}>
          <RowsCard
            judging={judging}
            headers={headers}
            preview={found}
            stale={preview.isPlaceholderData}
            busy={preview.isFetching}
            error={preview.error}
            problem={problem}
            onRetry={() => void preview.refetch()}
          />
        </Later>
      </div>
    </Page>
  );
}
