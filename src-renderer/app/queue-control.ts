import { useMemo } from 'react';
import { type QueueName, queueTitle } from '@shared/domain/queues';
import type { AppError } from '@shared/errors';
import { client } from '@renderer/platform/client';
import { showToast } from '@renderer/ui/toast';
import { useQueueText } from './queue-texts';

type Turn = 'pause' | 'resume';

const tell = (error: AppError): void => {
  showToast({ title: error.message, description: error.action, tone: 'danger' });
};

/** Pauses or resumes one after the other; answers those that obeyed and shows the first error. */
async function turn(how: Turn, queues: readonly QueueName[]): Promise<readonly QueueName[]> {
  const done: QueueName[] = [];
  for (const queue of queues) {
    const result = await client.queues[how]({ queue });
    if (!result.ok) {
      tell(result.error);
      break;
    }
    done.push(queue);
  }
  return done;
}

export interface QueueControl {
  /** Says what happened, with the way back. Each queue must be running. */
  readonly pause: (queues: readonly QueueName[]) => void;
  /** Each queue must be paused. */
  readonly resume: (queues: readonly QueueName[]) => void;
  readonly pauseAll: () => void;
  readonly resumeAll: () => void;
}

/** Pausing and resuming queues, the same from every screen; the same object until the language changes. */
export function useQueueControl(): QueueControl {
  const t = useQueueText();
  return useMemo(() => queueControl(t), [t]);
}

const queueControl = (t: ReturnType<typeof useQueueText>): QueueControl => {
  const say = (how: Turn, done: readonly QueueName[]): void => {
    const [first, ...others] = done;
    if (first === undefined) return;
    const one = others.length === 0;
    const word = how === 'pause' ? 'paused' : 'resumed';
    showToast({
      title: one ? t(word, { queue: queueTitle(first) }) : t(`${word}All`, { count: done.length }),
      description: how === 'pause' ? t('pausedText') : undefined,
      tone: how === 'pause' ? 'info' : 'success',
      action: {
        label: how === 'pause' ? t('undoPause') : t('undoResume'),
        onAction: () => {
          turn(how === 'pause' ? 'resume' : 'pause', done).catch(reportError);
        },
      },
    });
  };
  const start = (how: Turn, queues: readonly QueueName[]): void => {
    turn(how, queues)
      .then((done) => say(how, done))
      .catch(reportError);
  };
  /** All that are not so already by what the engine says now: what the window knows of them comes a moment later. */
  const startAll = async (how: Turn): Promise<void> => {
    const overview = await client.queues.overview({});
    if (!overview.ok) {
      tell(overview.error);
      return;
    }
    const wanted = overview.value.queues.filter(({ paused }) => paused === (how === 'resume'));
    say(
      how,
      await turn(
        how,
        wanted.map(({ name }) => name),
      ),
    );
  };
  return {
    pause: (queues) => start('pause', queues),
    resume: (queues) => start('resume', queues),
    pauseAll: () => void startAll('pause').catch(reportError),
    resumeAll: () => void startAll('resume').catch(reportError),
  };
};
