import { Columns3, Pencil, Replace, SearchX, SquareCheck, SquareX, Undo2 } from 'lucide-react';
import { useCallback, useMemo, useRef, useState } from 'react';
import type { Correction, ImportPreview, RowFilter, RowSoFar, RowsSoFar } from '@shared/contract/imports';
import { useRowCommands } from '@renderer/commands';
import { useFormat } from '@renderer/i18n/use-format';
import { wordsOf } from '@renderer/platform/failure';
import {
  Button,
  Card,
  cx,
  EmptyState,
  ErrorState,
  Later,
  SearchField,
  showToast,
  SkeletonLines,
} from '@renderer/ui';
import { DataTable } from '@renderer/ui/table';
import type { Next } from './cell';
import { type Place, rowColumns } from './columns';
import { Filters, staleness } from './filters';
import type { Judging } from '../queries';
import { useFocusKept } from '../use-focus-kept';
import { useCorrections, useDraftRows, useRowsSoFar, useTypedRow } from './queries';
import { Reading } from './reading';
import { ReplaceDialog } from './replace-dialog';
import { useRowsText } from './texts';

interface RowsCardProps {
  readonly judging: Judging;
  readonly headers: readonly string[];
  readonly preview: ImportPreview | undefined;
  /** The preview was made before the last change of the settings. */
  readonly stale: boolean;
  readonly busy: boolean;
  readonly error: Error | null;
  /** What is wrong with the columns, so that no row can be judged. */
  readonly problem: string | undefined;
  readonly onRetry: () => void;
}

/** A large window shows more rows, and a drawn row has its price. */
const GRID_HEIGHT = 'h-[clamp(26rem,55vh,48rem)]';

/** Where the rows will be. */
export function RowsPlace() {
  const t = useRowsText();
  return (
    <Card title={t('title')} hint={t('hint')}>
      <div className={GRID_HEIGHT}>
        <SkeletonLines lines={10} />
      </div>
    </Card>
  );
}

const ROW_HEIGHT = 32;
const NOTHING_KEPT: ReadonlyMap<number, string> = new Map();
/** A row with the one that counts instead, or the contact, below it. */
const PAIR_HEIGHT = 54;

/** All rows of the sheet as the import will judge them, to be looked through and corrected before it starts. */
export function RowsCard(props: RowsCardProps) {
  const { judging, headers, stale, busy, error, problem, onRetry } = props;
  // What came of other columns says nothing of these.
  const preview = problem === undefined ? props.preview : undefined;
  const t = useRowsText();
  const [filter, setFilter] = useState<RowFilter>({ show: 'all' });
  const [replacing, setReplacing] = useState(false);
  const corrections = useCorrections(judging);
  const card = useRef<HTMLDivElement>(null);
  // The button that takes corrections back goes away with the last of them.
  useFocusKept(preview?.lastCorrection == null, () => card.current?.querySelector('[role=grid]'));

  const replace = (correction: Extract<Correction, { kind: 'replace' }>): void =>
    corrections.correct.mutate(correction, {
      onSuccess: ({ rows: count }) => {
        setReplacing(false);
        showToast({ title: count === 0 ? t('unchanged') : t('replaced', { count }) });
      },
    });

  return (
    <Card
      title={t('title')}
      hint={t('hint')}
      padding="none"
      actions={
        <>
          <div className="w-56">
            <SearchField
              label={t('search')}
              text={filter.search ?? ''}
              onSearch={(search) => setFilter((now) => ({ ...now, search }))}
            />
          </div>
          <UndoButton
            preview={preview}
            headers={headers}
            busy={corrections.undo.isPending}
            onUndo={() => corrections.undo.mutate()}
          />
          <Button
            size="sm"
            icon={Replace}
            disabled={problem !== undefined}
            onClick={() => setReplacing(true)}
          >
            {t('replace')}
          </Button>
        </>
      }
    >
      <Filters preview={preview} stale={stale} filter={filter} onChange={setFilter}>
        {busy && error === null && problem === undefined && <Reading importId={judging.importId} />}
      </Filters>
      <div ref={card}>
        {problem !== undefined ? (
          <div className={cx('flex items-center justify-center border-t border-line', GRID_HEIGHT)}>
            <EmptyState icon={Columns3} title={problem} description={t('unusable')} />
          </div>
        ) : error === null ? (
          <Later after={2} fallback={<div className={GRID_HEIGHT} />}>
            <RowsGrid
              {...{ judging, headers, filter, corrections, busy, onRetry }}
              isPaired={filter.show === 'duplicates' || filter.show === 'existing'}
            />
          </Later>
        ) : (
          <ErrorState error={wordsOf(error)} onRetry={onRetry} />
        )}
      </div>
      <Sum preview={preview} stale={stale} />
      <ReplaceDialog
        open={replacing}
        headers={headers}
        busy={corrections.correct.isPending}
        onClose={() => setReplacing(false)}
        onReplace={replace}
      />
    </Card>
  );
}

interface RowsGridProps {
  readonly judging: Judging;
  readonly headers: readonly string[];
  readonly filter: RowFilter;
  readonly corrections: ReturnType<typeof useCorrections>;
  readonly busy: boolean;
  readonly isPaired: boolean;
  readonly onRetry: () => void;
}

/** Has the rows in sight to itself: what is around it is not drawn anew with every leap. */
function RowsGrid({ judging, headers, filter, corrections, busy, isPaired, onRetry }: RowsGridProps) {
  const t = useRowsText();
  const { rows, source, soFar } = useRowsInSight(judging, filter, busy);
  const { mapping } = judging;
  const [editing, setEditing] = useState<Place>();
  const [typed, setTyped] = useState<Place & { readonly text: string }>();
  /** What was kept in the row that somebody still corrects; the list follows when they are done with it. */
  const [kept, setKept] = useState<ReadonlyMap<number, string>>(NOTHING_KEPT);
  const { refresh, correct, correctQuietly, exclude } = corrections;
  const { mutate: keepQuietly } = correctQuietly;
  const { mutate: keepAtOnce } = correct;

  const columns = useMemo(() => {
    const stop = (): void => {
      setEditing(undefined);
      setTyped(undefined);
      setKept(NOTHING_KEPT);
      if (kept.size > 0) void refresh();
    };
    const keep = ({ row, column }: Place, before: string, text: string, next: Next): void => {
      const following = next === 'here' ? -1 : column + (next === 'next' ? 1 : -1);
      const goesOn = following >= 0 && following < headers.length;
      const isChanged = text !== before;
      if (!goesOn) stop();
      if (goesOn) setEditing({ row, column: following });
      if (goesOn && isChanged) setKept(new Map(kept).set(column, text));
      if (isChanged) (goesOn ? keepQuietly : keepAtOnce)({ kind: 'cell', row, column, value: text });
    };
    return rowColumns({
      ...{ headers, mapping, editing, kept, isPaired, t },
      ...{ onKeep: keep, onGiveUp: stop, onEdit: setEditing },
      onType: (place, text) => setTyped({ ...place, text }),
      onTake: ({ row }, take, onError) =>
        keepAtOnce({ kind: take ? 'include' : 'exclude', rows: [[row, row]] }, { onError }),
    });
  }, [headers, mapping, editing, kept, isPaired, t, refresh, keepQuietly, keepAtOnce]);

  const edit = (row: RowSoFar): void => setEditing({ row: row.row, column: firstWrong(row, headers) });
  const take = ({ row }: RowSoFar, taken: boolean): void =>
    keepAtOnce({ kind: taken ? 'include' : 'exclude', rows: [[row, row]] });
  const rowCommands = useRowCommands<RowSoFar>([
    { id: 'import-rows.row.edit', title: t('actOn.edit'), icon: Pencil, group: 0, run: edit },
    {
      id: 'import-rows.row.exclude',
      title: t('actOn.exclude'),
      icon: SquareX,
      shortcut: 'x',
      group: 1,
      when: ({ fate }) => fate !== 'exclude',
      run: (row) => take(row, false),
    },
    {
      id: 'import-rows.row.include',
      title: t('actOn.include'),
      icon: SquareCheck,
      shortcut: 'x',
      group: 1,
      when: ({ fate }) => fate === 'exclude',
      run: (row) => take(row, true),
    },
  ]);

  if (rows.error !== undefined) return <ErrorState error={rows.error} onRetry={onRetry} />;
  return (
    <>
      <div className={cx('flex border-y border-line', GRID_HEIGHT)} aria-busy={busy || undefined}>
        <DataTable<RowSoFar>
          id="import-rows"
          label={t('title')}
          columns={columns}
          source={source}
          rowId={({ row }) => String(row)}
          rowHeight={isPaired ? PAIR_HEIGHT : ROW_HEIGHT}
          loading={rows.loading}
          onOpen={edit}
          {...rowCommands}
          empty={<EmptyState icon={SearchX} title={t(isPlain(filter) ? 'noRows' : 'none')} />}
        />
      </div>
      <div className="flex min-h-10 items-center gap-3 px-4 py-1.5 text-xs">
        <Verdict judging={judging} typed={typed} editing={editing} busy={busy} />
        {editing === undefined && (
          <BulkExclusion
            filter={filter}
            total={rows.total}
            loading={rows.loading}
            soFar={soFar}
            busy={exclude.isPending}
            onExclude={(take) => exclude.mutate({ filter, exclude: !take })}
          />
        )}
      </div>
    </>
  );
}

/** The rows in sight; while they are judged, as far as that is. */
function useRowsInSight(judging: Judging, filter: RowFilter, busy: boolean) {
  const rows = useDraftRows(judging, filter);
  const [first, setFirst] = useState(0);
  const [waits, setWaits] = useState(false);
  const isThere = !rows.loading && (first >= rows.total || rows.source.row(first) !== undefined);
  // From when they are judged until they are there: nothing flickers in between.
  const isWaiting = isPlain(filter) && !isThere && (busy || waits);
  if (isWaiting !== waits) setWaits(isWaiting);
  const soFar = useRowsSoFar(judging, first, isWaiting);
  const { onRange: readRange } = rows.source;
  const onRange = useCallback(
    (from: number, end: number) => {
      setFirst(from);
      readRange(from, end);
    },
    [readRange],
  );
  const source = {
    count: rows.loading ? (soFar?.total ?? 0) : rows.total,
    row: (index: number): RowSoFar | undefined => rows.source.row(index) ?? soFar?.row(index),
    onRange,
  };
  return { rows, source, soFar };
}

/** Whether all rows are shown. */
const isPlain = ({ show, reason, search }: RowFilter): boolean =>
  show === 'all' && reason === undefined && (search ?? '') === '';

/** The first cell that is the reason of a rejection, else the first one. */
function firstWrong(row: RowSoFar, headers: readonly string[]): number {
  const wrong = headers.findIndex((header) => row.reasons.some(({ column }) => column === header));
  return Math.max(0, wrong);
}

interface VerdictProps {
  readonly judging: Judging;
  readonly typed: (Place & { readonly text: string }) | undefined;
  readonly editing: Place | undefined;
  readonly busy: boolean;
}

/** What would become of the row, while somebody types. */
function Verdict({ judging, typed, editing, busy }: VerdictProps) {
  const t = useRowsText();
  const checked = useTypedRow(judging, typed, busy);
  if (editing === undefined) return null;
  const row = typed === undefined ? undefined : checked.data;
  return (
    <>
      <p role="status" className="min-w-0 flex-1 truncate font-medium">
        {row === undefined
          ? ''
          : [
              t(`verdict.${row.fate ?? 'fine'}`, { row: row.row }),
              ...row.reasons.map(({ message }) => message),
            ].join(' ')}
      </p>
      <p className="shrink-0 text-ink-3">{t('keys')}</p>
    </>
  );
}

interface BulkExclusionProps {
  readonly filter: RowFilter;
  readonly total: number;
  readonly loading: boolean;
  readonly soFar: ReturnType<typeof useRowsSoFar>;
  readonly busy: boolean;
  readonly onExclude: (take: boolean) => void;
}

/** Leaves out, or takes in again, whatever the filter shows. */
function BulkExclusion({ filter, total, loading, soFar, busy, onExclude }: BulkExclusionProps) {
  const t = useRowsText();
  const take = filter.show === 'exclude';
  return (
    <>
      <p className="tabular flex-1 text-ink-3">
        {soFar !== undefined && soFar.total > 0 ? (
          <SoFar {...soFar} />
        ) : (
          t(loading ? 'judging' : 'shown', { count: total })
        )}
      </p>
      {!isPlain(filter) && total > 0 && (
        <Button size="sm" busy={busy} onClick={() => onExclude(take)}>
          {t(take ? 'takeIn' : 'leaveOut', { count: total })}
        </Button>
      )}
    </>
  );
}

function SoFar({ total, complete, judged }: Pick<RowsSoFar, 'total' | 'complete' | 'judged'>) {
  const t = useRowsText();
  const format = useFormat();
  if (!complete) return t('readSoFar', { count: total });
  return t('checkedSoFar', { count: total, judged: format.number(judged) });
}

interface UndoButtonProps {
  readonly preview: ImportPreview | undefined;
  readonly headers: readonly string[];
  readonly busy: boolean;
  readonly onUndo: () => void;
}

function UndoButton({ preview, headers, busy, onUndo }: UndoButtonProps) {
  const t = useRowsText();
  const last = preview?.lastCorrection;
  if (last === null || last === undefined) return null;
  const what =
    last.kind === 'cell'
      ? t('undoes.cell', { row: last.row })
      : last.kind === 'replace'
        ? t('undoes.replace', { column: headers[last.column] ?? '' })
        : t(`undoes.${last.kind}`);
  return (
    <Button size="sm" icon={Undo2} busy={busy} onClick={onUndo}>
      {t('undo', { what })}
    </Button>
  );
}

/** The dry run in one line: what would come of every row. */
function Sum({ preview, stale }: Pick<RowsCardProps, 'preview' | 'stale'>) {
  const t = useRowsText();
  const format = useFormat();
  if (preview === undefined) return null;
  const { create, update, skip, reject } = preview.fates;
  return (
    <p className={cx('tabular border-t border-line px-4 py-2 text-sm text-ink-2', staleness(stale))}>
      {t('sum', {
        create: format.number(create),
        update: format.number(update),
        skip: format.number(skip),
        reject: format.number(reject),
        read: format.number(preview.read),
      })}
    </p>
  );
}
