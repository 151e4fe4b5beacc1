import { cx } from './cx';
import { useUiText } from './texts';

/** A grey place holder. Only on the first load of a screen; a refresh is quiet. */
export function Skeleton({
  width,
  height = 12,
  className,
}: {
  width?: number | string;
  height?: number;
  className?: string;
}) {
  return (
    <div
      aria-hidden
      className={cx('animate-pulse rounded-sm bg-pressed', className)}
      style={{ width, height }}
    />
  );
}

/** Several lines of it, announced once. */
export function SkeletonLines({ lines = 3 }: { lines?: number }) {
  const t = useUiText();
  return (
    <div role="status" aria-label={t('loading')} className="flex flex-col gap-2.5">
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} width={`${[92, 76, 84, 60][line % 4] ?? 80}%`} />
      ))}
    </div>
  );
}
