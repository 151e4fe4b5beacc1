import { Copy, Eye, MoreHorizontal, RotateCw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button, IconButton } from '../button';
import { Card } from '../card';
import { ConfirmDialog } from '../confirm-dialog';
import { Dialog } from '../dialog';
import { ContextMenu, Menu, type MenuGroups } from '../menu';
import { Popover } from '../popover';
import { PropertyList } from '../property-list';
import { SidePanel } from '../side-panel';
import { StateBadge } from '../state-badge';
import { TextField } from '../text-field';

const nothing = (): void => undefined;
const groups: MenuGroups = [
  [
    { id: 'open', label: 'Open job', icon: Eye, shortcut: 'Enter', onSelect: nothing },
    { id: 'retry', label: 'Retry', icon: RotateCw, shortcut: 'r', onSelect: nothing },
    { id: 'copy', label: 'Copy id', icon: Copy, onSelect: nothing },
  ],
  [{ id: 'remove', label: 'Remove…', icon: Trash2, danger: true, onSelect: nothing }],
];

export function OverlaysGallery() {
  const [open, setOpen] = useState<'dialog' | 'confirm' | 'danger' | 'typed' | 'panel' | null>(null);
  const set = (name: typeof open) => (next: boolean) => setOpen(next ? name : null);
  return (
    <div className="flex h-full min-h-96 gap-0">
      <div className="min-w-0 flex-1 pr-4">
        <Card title="Open one">
          <div className="flex flex-wrap gap-2">
            <Button onClick={() => setOpen('dialog')}>Dialog</Button>
            <Button onClick={() => setOpen('confirm')}>Confirm</Button>
            <Button onClick={() => setOpen('danger')}>Confirm, destructive</Button>
            <Button onClick={() => setOpen('typed')}>Type the name</Button>
            <Button onClick={() => setOpen('panel')}>Side panel</Button>
            <Menu groups={groups}>
              <IconButton icon={MoreHorizontal} label="More actions" variant="secondary" />
            </Menu>
            <Popover title="Connection" trigger={<Button>Popover</Button>}>
              <PropertyList
                properties={[
                  { label: 'Engine', value: 'Redis 7.2' },
                  { label: 'Round trip', value: '0.8 ms' },
                ]}
              />
            </Popover>
          </div>
          <ContextMenu groups={groups}>
            <div className="mt-4 rounded-md border border-dashed border-line-control p-8 text-center text-ink-2">
              Right-click here
            </div>
          </ContextMenu>
        </Card>
      </div>
      <SidePanel
        id="gallery"
        open={open === 'panel'}
        onClose={() => setOpen(null)}
        title="send-bulk-message"
        subtitle="bulk-messages · 7f3a91c2"
        footer={<Button icon={RotateCw}>Retry</Button>}
      >
        <PropertyList
          properties={[
            { label: 'State', value: <StateBadge state="failed" /> },
            { label: 'Attempts', value: '3 of 3' },
            { label: 'Parent', value: null },
          ]}
        />
      </SidePanel>
      <Dialog
        open={open === 'dialog'}
        onOpenChange={set('dialog')}
        title="Rename template"
        description="Campaigns that used it keep the old name."
        footer={
          <>
            <Button onClick={() => setOpen(null)}>Cancel</Button>
            <Button variant="primary">Rename</Button>
          </>
        }
      >
        <TextField label="Name" defaultValue="Order ready" />
      </Dialog>
      <ConfirmDialog
        open={open === 'confirm'}
        onOpenChange={set('confirm')}
        title="Retry 48 failed jobs?"
        description="They run again with their three attempts. Recipients who have already received the message are not sent to again."
        confirmLabel="Retry 48 jobs"
        onConfirm={nothing}
      />
      <ConfirmDialog
        open={open === 'danger'}
        onOpenChange={set('danger')}
        danger
        title="Cancel this campaign?"
        description="What was sent stays sent. 5,790 recipients will not be written to."
        confirmLabel="Cancel campaign"
        onConfirm={nothing}
      />
      <ConfirmDialog
        open={open === 'typed'}
        onOpenChange={set('typed')}
        danger
        title="Obliterate bulk-messages?"
        description="Removes the queue with all its jobs, waiting and finished."
        typed={{ name: 'bulk-messages', count: 48_210 }}
        confirmLabel="Obliterate queue"
        onConfirm={nothing}
      />
    </div>
  );
}
