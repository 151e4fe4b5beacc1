import { ChevronDown, Pause, Play, Plus, RotateCw, Settings2, Trash2 } from 'lucide-react';
import { Badge } from '../badge';
import { Button, IconButton } from '../button';
import { Card, Stat } from '../card';
import { KeyHint } from '../key-hint';
import { Sparkline } from '../sparkline';
import { StateBadge } from '../state-badge';
import { DELIVERY_AND_JOB_STATES } from '../states';
import { NumberText } from '../values';

const surfaces = ['canvas', 'surface', 'raised', 'sunken', 'hover', 'pressed', 'selected'] as const;
const tones = ['accent', 'success', 'warning', 'danger', 'info', 'neutral'] as const;
const wave = Array.from({ length: 32 }, (_, i) =>
  i > 12 && i < 16 ? null : 40 + Math.round(30 * Math.sin(i / 3) + i),
);

function Swatch({ name }: { name: string }) {
  return (
    <div className="flex flex-col gap-1 text-2xs text-ink-2">
      <div className="h-9 w-24 rounded-md border border-line" style={{ background: `var(--${name})` }} />
      {name}
    </div>
  );
}

export function TokensGallery() {
  return (
    <div className="grid gap-4 xl:grid-cols-2">
      <Card title="Surfaces, tones, chart colours">
        <div className="flex flex-wrap gap-3">
          {surfaces.map((name) => (
            <Swatch key={name} name={name} />
          ))}
          {tones.map((name) => (
            <Swatch key={name} name={name} />
          ))}
          {[1, 2, 3, 4, 5, 6].map((index) => (
            <Swatch key={index} name={`chart-${index}`} />
          ))}
        </div>
      </Card>
      <Card title="Type">
        <div className="flex flex-col gap-1">
          <p className="text-2xl font-semibold tracking-tight">1,284,902 messages</p>
          <p className="text-xl font-semibold">Failures over all queues</p>
          <p className="text-lg font-semibold">Bulk messages</p>
          <p className="text-md">Your 200 queued messages are safe.</p>
          <p className="text-sm">The quick operator retried forty-two failed jobs.</p>
          <p className="text-xs text-ink-2">Secondary: measured over the last five minutes</p>
          <p className="text-2xs text-ink-3">Tertiary: 14:03:22</p>
          <p className="font-mono text-xs">job 7f3a91 · {'{"phone":"+4915112345678"}'}</p>
        </div>
      </Card>
      <Card title="Buttons">
        <div className="flex flex-col gap-3">
          <div className="flex flex-wrap items-center gap-2">
            <Button variant="primary" icon={Plus}>
              New campaign
            </Button>
            <Button icon={RotateCw}>Retry 12 jobs</Button>
            <Button trailingIcon={ChevronDown}>Last hour</Button>
            <Button variant="ghost" icon={Pause}>
              Pause
            </Button>
            <Button variant="danger" icon={Trash2}>
              Remove
            </Button>
          </div>
          <div className="flex flex-wrap items-center gap-2">
            <Button variant="primary" disabled>
              New campaign
            </Button>
            <Button disabled>Retry</Button>
            <Button variant="danger" disabled>
              Remove
            </Button>
            <Button variant="primary" busy>
              Sending
            </Button>
            <Button busy>Retrying</Button>
          </div>
          <div className="flex flex-wrap items-center gap-2">
            <Button size="sm" variant="primary">
              Small
            </Button>
            <Button size="sm" icon={Play}>
              Resume
            </Button>
            <IconButton icon={Settings2} label="Settings" shortcut="g s" />
            <IconButton icon={RotateCw} label="Refresh" variant="secondary" />
            <IconButton icon={Trash2} label="Remove" size="sm" />
            <KeyHint keys="Mod+K" />
            <KeyHint keys="g o" />
            <KeyHint keys="?" />
          </div>
        </div>
      </Card>
      <Card title="States and badges">
        <div className="flex flex-wrap gap-2">
          {DELIVERY_AND_JOB_STATES.map((state) => (
            <StateBadge key={state} state={state} />
          ))}
        </div>
        <div className="mt-3 flex flex-wrap gap-3">
          <StateBadge state="failed" look="plain" />
          <StateBadge state="active" look="plain" />
          <StateBadge state="completed" look="plain" />
          {(['neutral', 'accent', 'success', 'warning', 'danger', 'info'] as const).map((tone) => (
            <Badge key={tone} tone={tone}>
              {tone}
            </Badge>
          ))}
        </div>
      </Card>
      <Card title="Figures">
        <div className="grid grid-cols-3 gap-6">
          <Stat
            label="Throughput"
            value={<NumberText value={12.4} as="rate" />}
            detail="749 in the last minute"
            trend={<Sparkline values={wave} label="Throughput, last half hour" />}
          />
          <Stat
            label="Backlog"
            value={<NumberText value={48210} />}
            detail="1h 5m at this rate"
            trend={<Sparkline values={wave} color={2} label="Backlog, last half hour" />}
          />
          <Stat
            label="Failures"
            value={<NumberText value={0.021} as="percent" />}
            detail="12 of 571"
            trend={<Sparkline values={wave} color="danger" label="Failures, last half hour" />}
          />
        </div>
      </Card>
    </div>
  );
}
