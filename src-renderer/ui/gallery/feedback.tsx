import { FileSpreadsheet, Upload } from 'lucide-react';
import { Button } from '../button';
import { Card } from '../card';
import { EmptyState } from '../empty-state';
import { ErrorState } from '../error-state';
import { Notice } from '../notice';
import { PartsBar, Progress } from '../progress';
import { SkeletonLines } from '../skeleton';
import { showToast } from '../toast';

export function FeedbackGallery() {
  return (
    <div className="grid gap-4 xl:grid-cols-2">
      <Card title="Notices">
        <div className="flex flex-col gap-2">
          <Notice title="Sandbox in use.">Messages go to the sandbox gateway, nobody receives them.</Notice>
          <Notice tone="success" title="Import done.">
            986 contacts created, 14 rejected.
          </Notice>
          <Notice
            tone="warning"
            title="12 recipients are unknown."
            actions={<Button size="sm">Resolve</Button>}
            onDismiss={() => undefined}
          >
            The provider did not answer in time.
          </Notice>
          <Notice
            tone="danger"
            title="Redis does not answer."
            actions={<Button size="sm">Connect now</Button>}
          >
            Reconnecting. Commands fail until it is back; queued jobs are safe.
          </Notice>
        </div>
      </Card>
      <Card title="Progress">
        <div className="flex flex-col gap-5">
          <Progress label="Sending “Autumn sale”" done={4210} total={10_000} perSecond={12.4} />
          <Progress label="Reading contacts.xlsx" done={1832} total={null} perSecond={950} />
          <Progress label="Retry of 48 jobs" done={48} total={48} perSecond={20} tone="success" />
          <PartsBar
            label="10,000 recipients"
            parts={[
              { id: 'delivered', label: 'Delivered', value: 7210, tone: 'success' },
              { id: 'sent', label: 'Sent', value: 1240, tone: 'info' },
              { id: 'failed', label: 'Failed', value: 214, tone: 'danger' },
              { id: 'unknown', label: 'Unknown', value: 12, tone: 'warning' },
              { id: 'pending', label: 'Pending', value: 1324, tone: 'neutral' },
            ]}
          />
        </div>
      </Card>
      <Card title="Empty">
        <EmptyState
          icon={FileSpreadsheet}
          title="No contacts yet"
          description="Drop a spreadsheet anywhere on this window, or choose one."
          action={
            <Button variant="primary" icon={Upload}>
              Choose a file
            </Button>
          }
        />
      </Card>
      <Card title="Error">
        <ErrorState
          error={{
            code: 'engine_unavailable',
            message: 'The queue engine does not answer.',
            action: 'Check that Redis runs on the address in Settings.',
          }}
          kept="Your 200 queued messages are safe: they are stored in Redis."
          onRetry={() => undefined}
        />
      </Card>
      <Card title="Loading">
        <SkeletonLines lines={4} />
      </Card>
      <Card title="Toasts">
        <div className="flex flex-wrap gap-2">
          <Button
            onClick={() =>
              showToast({
                title: '12 jobs retried',
                tone: 'success',
                action: { label: 'Undo', onAction: () => undefined },
              })
            }
          >
            With undo
          </Button>
          <Button onClick={() => showToast({ title: 'Link copied' })}>Info</Button>
          <Button
            onClick={() =>
              showToast({
                title: 'Could not pause',
                description: 'The engine did not answer in 5 seconds.',
                tone: 'danger',
              })
            }
          >
            Error
          </Button>
        </div>
      </Card>
    </div>
  );
}
