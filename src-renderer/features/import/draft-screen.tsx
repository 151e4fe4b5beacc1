import {
  memo,
  type RefObject,
  useCallback,
  useDeferredValue,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { ImportDraft, ImportOptions, ImportPreview, Mapping } from '@shared/contract/imports';
import type { ImportId } from '@shared/domain/ids';
import { useFormat } from '@renderer/i18n/use-format';
import {
  Button,
  Card,
  DateTime,
  Later,
  ErrorState,
  Notice,
  NumberField,
  Page,
  Select,
  showToast,
  SkeletonLines,
} from '@renderer/ui';
import { mappingProblems } from '@shared/domain/column-mapping';
import { ColumnsCard, ColumnsPlace } from './columns-card';
import { CannotContinue, ContinueCard } from './continue-card';
import { DatesCard } from './dates-card';
import { Discard } from './discard';
import { type Basis, columnsOn, newBasis, optionsOn } from './draft-basis';
import { beginningOf, keepChoice } from './draft-choices';
import { misnamed } from './misnamed';
import { areTagsUsable, OptionsCard } from './options-card';
import { wordsOf } from '@renderer/platform/failure';
import { useDraft, useInspect, useStart } from './queries';
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

interface SameFileProps {
  readonly same: NonNullable<ImportDraft['sameFile']>;
  readonly onOpen: (importId: ImportId) => void;
}

/** These bytes were imported before: when, and the way there. */
function SameFile({ same, onOpen }: SameFileProps) {
  const t = useImportText();
  return (
    <Notice
      tone="warning"
      title={t('same')}
      actions={
        <Button size="sm" onClick={() => onOpen(same.id)}>
          {t('continuing.openThat')}
        </Button>
      }
    >
      <DateTime at={Date.parse(same.at)} />
    </Notice>
  );
}

interface NothingToImportProps {
  readonly found: ImportPreview;
  readonly options: ImportOptions;
}

/** Why the import cannot be started although everything is filled in, and what to do. */
function NothingToImport({ found, options }: NothingToImportProps) {
  const t = useImportText();
  const { fates, read, existing } = found;
  if (read === 0)
    return <Notice tone="warning" title={t(fates.exclude > 0 ? 'nothing.leftOut' : 'nothing.noRows')} />;
  const wanting = options.defaultCountry === null ? withoutCountry(found) : 0;
  const others = fates.reject - wanting;
  const why = [
    ...(wanting > 0 ? [t('nothing.country', { count: wanting })] : []),
    ...(existing > 0 && fates.skip > 0 ? [t('nothing.existing', { count: existing })] : []),
    ...(others > 0 ? [t('nothing.rejected', { count: others })] : []),
  ];
  return (
    <Notice tone="warning" title={t('nothing.title')}>
      {why.join(' ')}
    </Notice>
  );
}

/** Rows whose number is read as soon as a default country is chosen. */
const withoutCountry = ({ byReason }: ImportPreview): number =>
  byReason.find(({ code }) => code === 'phone-country-unknown')?.rows ?? 0;

function Misnamed({ draft }: { readonly draft: ImportDraft }) {
  const t = useImportText();
  const found = misnamed(draft.fileName, draft.format);
  return found === null ? null : <Notice tone="warning" title={t('misnamed', found)} />;
}

/** The field that another look at the file was asked for in: the form that comes of it is a new one. */
type PlaceField = 'sheet' | 'header' | null;

interface PlaceCardProps {
  readonly draft: ImportDraft;
  /** The field that goes on having the focus. */
  readonly resumedRef: RefObject<PlaceField>;
}

/** What the file is, which sheet, which header row, and the first rows as they stand there. */
const PlaceCard = memo(function PlaceCard({ draft, resumedRef }: PlaceCardProps) {
  const t = useImportText();
  const inspect = useInspect(draft.id);
  const sheetField = useRef<HTMLDivElement>(null);
  const headerField = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const field = resumedRef.current === 'sheet' ? sheetField : headerField;
    const isLost = resumedRef.current !== null && document.activeElement === document.body;
    if (isLost) field.current?.querySelector<HTMLElement>('[role=combobox], input')?.focus();
    resumedRef.current = null;
  }, [resumedRef]);
  const lookAt = (field: PlaceField, place: Parameters<typeof inspect.mutate>[0]): void => {
    resumedRef.current = field;
    inspect.mutate(place);
  };
  return (
    <Card padding="none">
      <div className="flex items-end gap-4 px-4 py-3">
        <div ref={sheetField} className="w-60">
          <Select
            label={t('sheet')}
            value={draft.sheet}
            onValueChange={(sheet) => lookAt('sheet', { sheet })}
            options={draft.sheets.map(({ name }) => ({ value: name, label: name }))}
          />
        </div>
        <div
          ref={headerField}
          className="w-36"
          onKeyDown={({ key, target }) => {
            // Who types a number and presses Enter is done with it.
            if (key === 'Enter' && target instanceof HTMLElement) target.blur();
          }}
        >
          <NumberField
            label={t('header')}
            min={0}
            max={1_000}
            value={draft.headerRow}
            onValueCommitted={(headerRow) => {
              if (headerRow !== null && headerRow !== draft.headerRow)
                lookAt('header', { sheet: draft.sheet, headerRow });
            }}
          />
        </div>
        <p className="pb-1.5 text-xs text-ink-2">{t('readAs', { format: draft.format })}</p>
      </div>
      <div
        className="overflow-x-auto border-t border-line"
        tabIndex={0}
        role="region"
        aria-label={draft.sheet}
      >
        <table className="text-xs">
          <tbody>
            {draft.head.slice(0, 6).map(({ row, cells }) => (
              <tr key={row} className={row === draft.headerRow ? 'bg-accent-soft font-medium' : ''}>
                <th scope="row" className="tabular px-3 py-1 text-right font-normal text-ink-3">
                  {row}
                </th>
                {cells.map((cell, index) => (
                  <td
                    key={index}
                    title={cell}
                    className="max-w-48 truncate border-l border-line px-3 py-1 whitespace-nowrap"
                  >
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
});
